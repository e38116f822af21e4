/// The site of a page as browsers name it in `Origin`: scheme, name and port (RFC 6454).
public struct WebOrigin: Sendable, Hashable {
    let scheme: String
    let host: HostName

    /// - Returns: `nil` for any other text, `null` among them, which pages without a site of their own send.
    public init?(_ text: String) {
        guard let separator = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard !scheme.isEmpty, scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }),
            let host = HostName(String(text[separator.upperBound...]))
        else { return nil }
        self.scheme = scheme
        self.host = host
    }

    /// Whether two origins are the same site; a scheme's usual port may be written or left out.
    func isSame(as other: WebOrigin) -> Bool {
        scheme == other.scheme && host.name == other.host.name && port == other.port
    }

    private var port: Int? {
        switch (host.port, scheme) {
        case (let port?, _): port
        case (nil, "http"), (nil, "ws"): 80
        case (nil, "https"), (nil, "wss"): 443
        default: nil
        }
    }
}
