import HTTPTypes
public import Hummingbird

/// Adds to every answer, failures included, what browsers have to know: the type of an answer is the one that it says.
public struct AnswerHeadersMiddleware: RouterMiddleware {
    /// The context that it works in.
    public typealias Context = ServerContext

    /// The middleware.
    public init() {}

    /// Passes the request on and adds the headers.
    public func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }
}
