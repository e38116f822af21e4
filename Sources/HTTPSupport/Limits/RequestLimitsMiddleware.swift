import FaceModel
import HTTPTypes
public import Hummingbird

/// Gives each request its share of the budgets and its deadline, and ends a connection on which the greater part of a
/// body was left unread.
public struct RequestLimitsMiddleware: RouterMiddleware {
    /// The context that it works in.
    public typealias Context = ServerContext

    /// So much of a body is read and thrown away for the sake of the connection.
    private static let longestRest = 64 << 10

    private let budgets: RequestBudgets

    /// A middleware over the budgets of a server.
    public init(_ budgets: RequestBudgets) {
        self.budgets = budgets
    }

    /// Passes the request on.
    public func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let lease = ByteLease(of: budgets.bodies)
        context.bodyLease = lease
        context.answers = budgets.answers
        let limited = context
        // The body and what was decoded from it are in memory until there is an answer.
        defer { lease.release() }
        var response = try await RequestDeadline.$current.withValue(.now + budgets.deadline) {
            try await next(request, limited)
        }
        if hasLongRest(request, read: context.facts) { response.headers[.connection] = "close" }
        return response
    }

    private func hasLongRest(_ request: Request, read facts: RequestFacts) -> Bool {
        guard !facts.hasWholeBody else { return false }
        if request.headers[.transferEncoding] != nil { return true }
        guard let announced = request.headers[.contentLength].flatMap({ Int($0) }) else { return false }
        return announced - facts.bodySize > Self.longestRest
    }
}
