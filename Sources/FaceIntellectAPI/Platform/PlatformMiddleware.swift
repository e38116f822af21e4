import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging

/// Answers what clients of Web Server 2.0 ask beside the face calls; other requests go on.
struct PlatformMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    let api: FaceIntellectAPI

    func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        guard let path = PlatformPath(request.uri.path) else { return try await next(request, context) }
        if request.method == .options { return .preflight(for: nil) }
        var response: Response
        do {
            guard request.method == .get else { throw RequestFailure.methodNotAllowed([.get]) }
            try await api.authentication?.admit(request.headers, for: .reading, from: context.clientAddress)
            context.facts["firserver.method"] = "\(path.name)"
            response = try context.counted(try await api.answer(request, to: path, in: context))
        } catch {
            // Refusals for want of credentials look as those of the face calls do.
            let isRefused = [.unauthorized, .forbidden].contains(RequestFailure(error).status)
            response =
                isRefused
                ? MethodFailureShape(method: nil, sourceID: api.configuration.sourceID)
                    .answer(to: error, for: request, in: context)
                : PlainFailureShape().answer(to: error, for: request, in: context)
        }
        response.headers[.accessControlAllowOrigin] = "*"
        return response
    }
}

extension PlatformPath {
    /// For the log.
    fileprivate var name: StaticString {
        switch self {
        case .persons: "secure/persons"
        case .configuration, .object, .state: "secure/configuration"
        case .events: "secure/events"
        case .liveEvents: "secure/ws/events"
        }
    }
}
