public import HTTPTypes

/// Keeps pages of other sites away from a server that lets people in without asking for more than a browser sends by
/// itself.
///
/// A browser sends the requests of any page to any address that it can reach, this machine's own among them. Two headers
/// that no page can write tell whose they are: `Origin` names the page's site, and `Host` is the name by which the browser
/// found the server; a page whose name was made to point here (DNS rebinding) still sends that name. Programs send no
/// `Origin` and are let through.
public struct BrowserGuard: Sendable {
    /// Which other sites, or names of the server, are let through.
    public enum Allowance<Value: Sendable>: Sendable {
        /// All of them, so that nothing is refused.
        case any
        /// Those that are local, and these.
        case some([Value])
    }

    private let isOpen: Bool
    private let boundHost: String
    private let origins: Allowance<WebOrigin>
    private let hosts: Allowance<String>

    /// A guard.
    ///
    /// - Parameters:
    ///   - isOpen: whether anybody may use a part of the server. Otherwise only requests with credentials that browsers
    ///     add by themselves are looked at, and names of the server do not matter: a browser keeps such credentials
    ///     for the name that they were given to.
    ///   - boundHost: the name or address that the server listens on.
    ///   - origins: the sites whose pages may call.
    ///   - hosts: the names by which the server may be called, without ports.
    public init(isOpen: Bool, boundHost: String, origins: Allowance<WebOrigin>, hosts: Allowance<String>) {
        self.isOpen = isOpen
        self.boundHost = boundHost.lowercased()
        self.origins = origins
        self.hosts =
            switch hosts {
            case .any: .any
            case .some(let names): .some(names.map { $0.lowercased() })
            }
    }

    /// Lets a request through.
    ///
    /// - Throws: ``RequestFailure/forbidden(_:)`` with a text that names the setting.
    public func admit(_ request: HTTPRequest) throws(RequestFailure) {
        guard isOpen || request.headerFields.carryBasicCredentials else { return }
        let host = request.authority.flatMap(HostName.init)
        if isOpen, request.authority != nil, !isAllowed(host) {
            throw .forbidden(
                "The server is not to be called by the name in Host; --http-allowed-hosts lists those it is")
        }
        if let origin = request.headerFields[.origin], !isAllowed(WebOrigin(origin), at: host) {
            throw .forbidden(
                "Pages of this origin may not call the server; --http-allowed-origins lists those that may")
        }
    }

    private func isAllowed(_ host: HostName?) -> Bool {
        guard case .some(let names) = hosts else { return true }
        guard let host else { return false }
        // An address in digits is no name that somebody could make to point here.
        return host.isAddress || host.isLoopback || host.name == boundHost || names.contains(host.name)
    }

    private func isAllowed(_ origin: WebOrigin?, at host: HostName?) -> Bool {
        guard case .some(let allowed) = origins else { return true }
        guard let origin else { return false }
        // A page of the server's own has the name and port that it was asked by.
        return origin.host.isLoopback || origin.host == host || allowed.contains { $0.isSame(as: origin) }
    }
}

extension HTTPFields {
    /// Whether the request has a login and a password that a browser remembers and sends with every request.
    fileprivate var carryBasicCredentials: Bool {
        self[.authorization]?.lowercased().hasPrefix("basic") ?? false
    }
}
