public import NIOCore

/// The name and port by which somebody speaks of a server: the value of `Host`, or what follows `://` in an origin.
struct HostName: Sendable, Hashable {
    /// In lower case, without the brackets of an IPv6 address and without the dot at the end of a full name.
    let name: String
    /// `nil` where none is written.
    let port: Int?

    /// - Returns: `nil` for a text that is no `name`, `name:port`, `[address]` or `[address]:port`.
    init?(_ text: String) {
        var name = text[...]
        var rest: Substring
        if name.first == "[" {
            guard let end = name.firstIndex(of: "]") else { return nil }
            rest = name[name.index(after: end)...]
            name = name[..<end].dropFirst()
            guard name.contains(":"), Self.address(String(name)) != nil else { return nil }
        } else {
            let colon = name.firstIndex(of: ":") ?? name.endIndex
            rest = name[colon...]
            name = name[..<colon]
            if name.last == "." { name.removeLast() }
        }
        guard !name.isEmpty, name.utf8.allSatisfy(Self.isPartOfName) else { return nil }
        self.name = name.lowercased()
        guard !rest.isEmpty else {
            port = nil
            return
        }
        rest.removeFirst()
        guard !rest.isEmpty, rest.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            let number = Int(rest), number <= 65_535
        else { return nil }
        port = number
    }

    /// Whether the name is an IP address in digits, which no name server can point elsewhere.
    var isAddress: Bool { Self.address(name) != nil }

    /// Whether the name can only mean the machine that uses it: `localhost`, names below it (RFC 6761), loopback addresses.
    var isLoopback: Bool {
        if name == "localhost" || name.hasSuffix(".localhost") { return true }
        return Self.address(name)?.isLoopback ?? false
    }

    private static func address(_ text: String) -> SocketAddress? { try? SocketAddress(ipAddress: text, port: 0) }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: ":"):
            true
        default: false
        }
    }
}

extension SocketAddress {
    /// Whether only this machine can reach the address.
    public var isLoopback: Bool {
        guard let text = ipAddress else { return false }
        return text.hasPrefix("127.") || text == "::1" || text.hasPrefix("::ffff:127.")
    }
}
