public import HTTPSupport
public import Hummingbird
public import Logging

/// Runs a router behind a real socket of this process for the length of a test.
public func withServer<Value: Sendable>(
    _ router: Router<ServerContext>, webSockets: [WebSocketRoute] = [], browserGuard: BrowserGuard? = nil,
    limits: HTTPLimits = HTTPLimits(), budgets: RequestBudgets? = nil, logger: Logger = .quiet,
    _ body: (HTTPClient) async throws -> Value
) async throws -> Value {
    let (ports, port) = AsyncStream<Int>.makeStream()
    let application = Application(
        router: router, webSockets: webSockets, browserGuard: browserGuard,
        address: .hostname("127.0.0.1", port: 0), limits: limits,
        budgets: budgets ?? RequestBudgets(limits), logger: logger
    ) {
        port.yield($0.localAddress?.port ?? 0)
    }
    let server = Task { try await application.run() }
    defer { server.cancel() }
    for await number in ports { return try await body(HTTPClient(port: number)) }
    throw ConnectionEnded()
}

extension Logger {
    /// A logger that keeps metadata, as the server's does, and writes nothing but disasters.
    public static var quiet: Logger {
        var logger = Logger(label: "test", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .critical
        return logger
    }
}
