import HTTPTypes
public import Hummingbird
public import Metrics
import Synchronization

/// Times every request and counts those under way, under the names of OpenTelemetry.
///
/// `http.server.request.duration` has the labels `http.request.method` and `http.response.status_code`;
/// `http.server.active_requests` has none.
public struct RequestMetricsMiddleware: RouterMiddleware {
    /// The context that it works in.
    public typealias Context = ServerContext

    private let meters: Meters

    /// The middleware.
    ///
    /// - Parameter factory: who makes the meters; set up the system's factory before the first middleware is made.
    public init(factory: any MetricsFactory = MetricsSystem.factory) {
        self.meters = Meters(factory: factory)
    }

    /// Passes the request on and measures it.
    public func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        meters.active.increment(by: 1)
        defer { meters.active.decrement(by: 1) }
        do {
            let response = try await next(request, context)
            meters.record(ContinuousClock.now - start, method: request.method, status: response.status)
            return response
        } catch {
            meters.record(ContinuousClock.now - start, method: request.method, status: .internalServerError)
            throw error
        }
    }
}

/// The meters, made once per pair of labels.
private final class Meters: Sendable {
    private struct Labels: Hashable {
        let method: String
        let status: Int
    }

    /// Clients choose their verbs freely; a label must not take more values than these and one for the rest.
    private static let knownMethods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .delete, .options, .patch]

    let active: Meter
    private let factory: any MetricsFactory
    private let timers = Mutex<[Labels: Timer]>([:])

    init(factory: any MetricsFactory) {
        self.factory = factory
        self.active = Meter(label: "http.server.active_requests", factory: factory)
    }

    func record(_ duration: Duration, method: HTTPRequest.Method, status: HTTPResponse.Status) {
        let labels = Labels(
            method: Self.knownMethods.contains(method) ? method.rawValue : "_OTHER", status: status.code)
        let timer = timers.withLock { timers in
            if let timer = timers[labels] { return timer }
            let timer = Timer(
                label: "http.server.request.duration",
                dimensions: [
                    ("http.request.method", labels.method), ("http.response.status_code", String(labels.status)),
                ],
                preferredDisplayUnit: .seconds, factory: factory)
            timers[labels] = timer
            return timer
        }
        let (seconds, attoseconds) = duration.components
        timer.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
