internal import CLibPQ

/// What a connection string holds that must not be repeated in a message.
///
/// libpq quotes the part of the string that it stumbles over, and where a password has a sign that a URL cannot have
/// (`%`, `@`, `/`), that part is the password or a piece of it. So its words are shown only where it read the string the
/// way in which it was meant, and without the passwords that it found.
struct ConnectionSecrets: Sendable {
    private enum Reading {
        /// libpq cannot read the string.
        case impossible
        /// A password may have been cut, and a piece of it taken for the host's or the database's name.
        case doubtful
        case plain(secrets: [String])
    }

    private let reading: Reading

    init(_ connectionString: String) {
        // libpq takes a text that is neither a URL nor has an equals sign for the name of a database.
        let isURL = ["postgresql://", "postgres://"].contains { connectionString.hasPrefix($0) }
        guard isURL || connectionString.contains("=") else {
            reading = Self.isPlainName(connectionString) ? .plain(secrets: []) : .doubtful
            return
        }
        guard let options = Self.options(connectionString) else {
            reading = .impossible
            return
        }
        let names = ["host", "hostaddr", "dbname"].compactMap { options[$0] }
        if isURL, !names.allSatisfy(Self.isPlainName) || !Self.isPort(options["port"] ?? "") {
            reading = .doubtful
            return
        }
        var secrets = ["password", "sslpassword"].compactMap { options[$0] }
        if isURL { secrets += Self.writtenPasswords(connectionString) }
        reading = .plain(secrets: Set(secrets.filter { !$0.isEmpty }).sorted { $0.utf8.count > $1.utf8.count })
    }

    /// A message of libpq as it may be shown.
    func redacted(_ message: String) -> String {
        switch reading {
        case .impossible:
            "libpq cannot read the connection string; \(Self.advice)"
        case .doubtful:
            "the connection string may not mean what it should, so libpq's message, which may quote it, is left out; "
                + Self.advice
        case .plain(let secrets):
            secrets.reduce(message) { $0.replacing($1, with: "***") }
        }
    }

    private static let advice =
        "in a URL the signs % @ : / ? # and blanks of a password are written as %25 %40 %3A %2F %3F %23 %20"

    /// What libpq reads in a string; `nil` when it cannot.
    private static func options(_ connectionString: String) -> [String: String]? {
        guard let options = unsafe PQconninfoParse(connectionString, nil) else { return nil }
        defer { unsafe PQconninfoFree(options) }
        var values: [String: String] = [:]
        var next = unsafe options
        while let keyword = unsafe next.pointee.keyword {
            if let value = unsafe next.pointee.val { unsafe values[String(cString: keyword)] = String(cString: value) }
            unsafe next += 1
        }
        return values
    }

    /// Whether a name has no sign of having lain behind a password: hosts and databases have no `@` but at the
    /// beginning, where it marks an abstract socket.
    private static func isPlainName(_ name: String) -> Bool {
        name.split(separator: ",").allSatisfy { !$0.dropFirst().contains("@") } && !name.contains("://")
    }

    private static func isPort(_ port: String) -> Bool {
        port.utf8.allSatisfy { 0x30...0x39 ~= $0 || $0 == UInt8(ascii: ",") }
    }

    /// The passwords as they stand in a URL, percent signs and all.
    private static func writtenPasswords(_ url: String) -> [String] {
        var passwords: [String] = []
        let rest = url.drop { $0 != "/" }.dropFirst(2)
        if let end = rest.firstIndex(where: { $0 == "@" || $0 == "/" }), rest[end] == "@" {
            let user = rest[..<end].split(separator: ":", maxSplits: 1)
            if user.count == 2 { passwords.append(String(user[1])) }
        }
        let parts = url.split(separator: "?", maxSplits: 1)
        guard parts.count == 2 else { return passwords }
        for pair in parts[1].split(separator: "&") {
            let words = pair.split(separator: "=", maxSplits: 1)
            if words.count == 2, words[0].hasSuffix("password") { passwords.append(String(words[1])) }
        }
        return passwords
    }
}
