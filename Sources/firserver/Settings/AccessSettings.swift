import HTTPSupport

/// Who may reach the server, and from where.
struct AccessSettings: Sendable {
    /// Whether parts of the server that ask nobody for credentials may be served beyond this machine.
    let allowsUnauthenticated: Bool
    /// The address that others reach the port by; `nil`: the one that the server listens on.
    let publishedHost: String?
    let origins: BrowserGuard.Allowance<WebOrigin>
    let hosts: BrowserGuard.Allowance<String>
    /// How long an Enface session works at most.
    let longestSession: Duration
    /// How long a permanent token works at most; `nil`: for ever.
    let longestToken: Duration?

    init(_ reader: SettingsReader) throws {
        allowsUnauthenticated = try reader.flag(.allowUnauthenticated)
        let published = try reader.text(.httpPublishedHost)
        publishedHost = published.isEmpty ? nil : published
        origins = try reader.parsed(.httpAllowedOrigins, "origins like https://app.example.org, or *") {
            Self.allowance($0, WebOrigin.init)
        }
        hosts = try reader.parsed(.httpAllowedHosts, "names like faces.example.org without ports, or *") {
            Self.allowance($0) { $0.contains(":") || $0.contains("/") ? nil : $0 }
        }
        longestSession = .seconds(86_400 * (try reader.integer(.enfaceSessionDays, in: 1...36_500)))
        let days = try reader.integer(.enfaceTokenDays, in: 0...36_500)
        longestToken = days == 0 ? nil : .seconds(86_400 * days)
    }

    /// Values separated by blanks, or `*` for all; `nil` when one of them is none.
    private static func allowance<Value>(
        _ text: String, _ parse: (String) -> Value?
    ) -> BrowserGuard.Allowance<Value>? {
        let words = text.split(separator: " ").map(String.init)
        if words.contains("*") { return .any }
        let values = words.compactMap(parse)
        return values.count == words.count ? .some(values) : nil
    }
}

extension Setting {
    static let allowUnauthenticated = Setting(
        key: "allowUnauthenticated", fallback: .flag(false),
        help: "start on an address that is not loopback though a dialect lets anybody in")
    static let httpPublishedHost = Setting(
        key: "http.publishedHost", fallback: .text(""),
        help: "address by which others reach the port where it is not http-host, as behind a container's port mapping; "
            + "decides whether allow-unauthenticated is needed")
    static let httpAllowedOrigins = Setting(
        key: "http.allowedOrigins", fallback: .text(""),
        help: "sites whose pages may call the server, like https://app.example.org, several separated by blanks; *: all"
    )
    static let httpAllowedHosts = Setting(
        key: "http.allowedHosts", fallback: .text(""),
        help: "names by which a server without authentication may be called beside localhost and addresses in digits, "
            + "several separated by blanks; *: all")
    static let enfaceSessionDays = Setting(
        key: "enface.sessionDays", fallback: .integer(90),
        help: "how many days a session of Enface works at most, whatever valid_days asks for")
    static let enfaceTokenDays = Setting(
        key: "enface.tokenDays", fallback: .integer(0),
        help: "how many days a permanent token works at most, whatever its maker asks for; 0: no limit")

    /// The settings about who may reach the server, and for how long, in the order of the help text.
    static let access = [
        allowUnauthenticated, httpPublishedHost, httpAllowedOrigins, httpAllowedHosts, enfaceSessionDays,
        enfaceTokenDays,
    ]
}
