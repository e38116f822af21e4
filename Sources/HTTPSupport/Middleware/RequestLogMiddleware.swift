import HTTPTypes
public import Hummingbird
import Logging

/// Writes one line per request: what was asked, how it ended, how long it took, how much was moved; never a body.
///
/// The request's id is in the logger's metadata and goes back to the client as `X-Request-Id`.
public struct RequestLogMiddleware: RouterMiddleware {
    /// The context that it works in.
    public typealias Context = ServerContext

    private static let requestID = HTTPField.Name("X-Request-Id")
    private static let longestPath = 256

    /// The middleware.
    public init() {}

    /// Passes the request on and logs how it ended.
    public func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        do {
            var response = try await next(request, context)
            // Not `context.id`, which insists on a log handler that keeps metadata.
            if let requestID = Self.requestID, let id = context.logger[metadataKey: "hb.request.id"] {
                response.headers[requestID] = "\(id)"
            }
            log(request, context, status: response.status, size: response.body.contentLength, since: start)
            return response
        } catch {
            log(request, context, status: .internalServerError, size: nil, since: start)
            throw error
        }
    }

    private func log(
        _ request: Request, _ context: ServerContext, status: HTTPResponse.Status, size: Int?,
        since start: ContinuousClock.Instant
    ) {
        var metadata = context.facts.metadata
        metadata["http.request.method"] = .string(request.method.rawValue)
        // The query is left out: some clients put secrets there.
        metadata["url.path"] = .string(String(LoggedAddress.path(request.uri.path).prefix(Self.longestPath)))
        metadata["http.response.status_code"] = .stringConvertible(status.code)
        metadata["http.request.body.size"] = .stringConvertible(context.facts.bodySize)
        if let size { metadata["http.response.body.size"] = .stringConvertible(size) }
        metadata["duration.ms"] = .milliseconds(ContinuousClock.now - start)
        context.logger.log(level: context.facts.isRoutine ? .debug : .info, "request", metadata: metadata)
    }
}
