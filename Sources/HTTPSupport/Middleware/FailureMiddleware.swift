public import Hummingbird

/// Turns every error, the framework's own included, into an answer of a dialect's form.
public struct FailureMiddleware<Shape: FailureShape>: RouterMiddleware {
    /// The context that it works in.
    public typealias Context = ServerContext

    private let shape: Shape

    /// A middleware that answers failures in this shape.
    public init(shape: Shape) {
        self.shape = shape
    }

    /// Passes the request on and answers whatever it ends in.
    public func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return shape.answer(to: error, for: request, in: context)
        }
    }
}
