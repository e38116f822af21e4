public import Hummingbird
public import HummingbirdCore
public import Logging
public import NIOCore

extension Application where Responder == RouterResponder<ServerContext> {
    /// The server's HTTP side: HTTP/1.1 with limits on bodies and patience, `Date` and `Server` headers on every answer.
    ///
    /// - Parameters:
    ///   - router: where requests go; see ``Hummingbird/Router/server(fallback:)``.
    ///   - address: where to listen; port 0 lets the system choose.
    ///   - limits: what a client may ask for.
    ///   - logger: every request's logger is made from it.
    ///   - onServerRunning: called with the listening channel when the port is open.
    public init(
        router: Router<ServerContext>, address: BindAddress, limits: HTTPLimits, logger: Logger,
        onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
    ) {
        self.init(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        ContinueHandler(maximumBodySize: limits.maximumBodySize),
                        BodyDeadlineHandler(idleTimeout: limits.bodyIdleTimeout, deadline: limits.bodyDeadline),
                        LingeringCloseHandler(timeout: limits.lingerTimeout),
                    ],
                    idleTimeout: TimeAmount(limits.connectionIdleTimeout))),
            configuration: ApplicationConfiguration(address: address, serverName: "firserver"),
            onServerRunning: onServerRunning,
            logger: logger)
    }
}
