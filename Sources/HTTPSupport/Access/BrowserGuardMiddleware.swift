public import Hummingbird

/// Refuses requests of pages that have no business here; see ``BrowserGuard``.
public struct BrowserGuardMiddleware: RouterMiddleware {
    /// The context that it works in.
    public typealias Context = ServerContext

    private let browserGuard: BrowserGuard

    /// A middleware in front of everything that answers.
    public init(_ browserGuard: BrowserGuard) {
        self.browserGuard = browserGuard
    }

    /// Passes the request on if the guard lets it through.
    public func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        try browserGuard.admit(request.head)
        var response = try await next(request, context)
        // What a browser keeps of an answer to no origin in particular must not serve a page of another one.
        response.headers[.vary] = "Origin"
        return response
    }
}
