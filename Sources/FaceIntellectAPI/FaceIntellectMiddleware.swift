import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging

/// Answers every request whose path has a segment `firserver`; others go on.
struct FaceIntellectMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    let api: FaceIntellectAPI

    func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        guard let path = MethodPath(request.uri.path) else { return try await next(request, context) }
        let method = Method(named: path.method)
        if request.method == .options { return .preflight(for: method) }
        var response: Response
        do {
            guard let method else { throw RequestFailure.notFound }
            guard method.verbs.contains(request.method) else { throw RequestFailure.methodNotAllowed(method.verbs) }
            context.facts["firserver.method"] = .string(method.rawValue)
            let level =
                try await api.authentication?.admit(request.headers, for: method.access, from: context.clientAddress)
                ?? .everything
            response = try context.counted(
                try await api.answer(request, to: method, at: path, by: level, in: context))
        } catch {
            let shape = MethodFailureShape(method: method, sourceID: api.configuration.sourceID)
            response = shape.answer(to: error, for: request, in: context)
        }
        response.addDocumentedHeaders(for: method)
        return response
    }
}
