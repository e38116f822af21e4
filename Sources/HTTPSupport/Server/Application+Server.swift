public import Hummingbird
public import HummingbirdCore
public import Logging
public import NIOCore

extension Application where Responder == RouterResponder<ServerContext> {
    /// The server's HTTP side: HTTP/1.1 with limits on bodies and patience, `Date` and `Server` headers on every answer.
    ///
    /// - Parameters:
    ///   - router: where requests go; see ``Hummingbird/Router/server(fallback:)``.
    ///   - webSockets: asked in this order about every request for a WebSocket, before the router and its middleware.
    ///   - browserGuard: which pages may ask for a WebSocket; `nil`: all of them.
    ///   - address: where to listen; port 0 lets the system choose.
    ///   - limits: what a client may ask for.
    ///   - budgets: what all requests share; the same as those of the router.
    ///   - logger: every request's logger is made from it.
    ///   - onServerRunning: called with the listening channel when the port is open.
    public init(
        router: Router<ServerContext>, webSockets: [WebSocketRoute] = [], browserGuard: BrowserGuard? = nil,
        address: BindAddress, limits: HTTPLimits, budgets: RequestBudgets, logger: Logger,
        onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
    ) {
        let serverName = "firserver"
        let table = ConnectionTable(maximum: limits.maximumConnections)
        let seats = WebSocketSeats(maximum: limits.maximumWebSockets)
        self.init(
            router: router,
            server: HTTPServerBuilder { responder in
                guard !webSockets.isEmpty else {
                    return HTTP1Channel(responder: responder, configuration: .server(limits, budgets, table))
                }
                let webSockets = WebSocketResponder(
                    routes: webSockets, browserGuard: browserGuard, limits: limits.webSocket, seats: seats,
                    serverName: serverName, logger: logger, next: responder)
                return HTTP1Channel(
                    responder: { try await webSockets.respond(to: $0, $1, $2) },
                    configuration: .server(limits, budgets, table, and: { DeclinedUpgradeHandler() }))
            },
            configuration: ApplicationConfiguration(address: address, serverName: serverName),
            onServerRunning: onServerRunning,
            logger: logger)
    }
}

extension HTTP1Channel.Configuration {
    /// What every connection has beyond HTTP itself; further handlers come last.
    fileprivate static func server(
        _ limits: HTTPLimits, _ budgets: RequestBudgets, _ table: ConnectionTable,
        and further: (@Sendable () -> any RemovableChannelHandler)? = nil
    ) -> HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                ConnectionLimitHandler(table: table),
                SlowReaderHandler(period: limits.connectionIdleTimeout),
                ContinueHandler(maximumBodySize: limits.maximumBodySize, memory: budgets.bodies),
                BodyDeadlineHandler(
                    idleTimeout: limits.bodyIdleTimeout, deadline: min(limits.bodyDeadline, limits.requestDeadline)),
                LingeringCloseHandler(timeout: limits.lingerTimeout),
            ] + (further.map { [$0()] } ?? []),
            idleTimeout: TimeAmount(limits.connectionIdleTimeout))
    }
}
