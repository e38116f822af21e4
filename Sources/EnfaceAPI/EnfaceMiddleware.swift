import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging

/// Answers every request below one of the dialect's mounts; others go on.
struct EnfaceMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    let api: EnfaceAPI

    func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        guard let path = EnfacePath(request.uri.path, alias: api.configuration.profile) else {
            return try await next(request, context)
        }
        if request.method == .options { return Self.preflight }
        let endpoint = Endpoint(rawValue: path.rest).flatMap { $0.belongs(to: path.profile) ? $0 : nil }
        var response: Response
        do {
            if context.pretendsNotReady { throw RequestFailure.notReady }
            if let picture = path.picture {
                guard request.method == .get else { throw RequestFailure.methodNotAllowed([.get]) }
                response = try context.counted(try await api.picture(picture))
            } else {
                response = try context.counted(try await answer(request, to: endpoint, at: path, in: context))
            }
        } catch let failure as EnfaceFailure {
            response = failure.response(in: path.profile, to: endpoint)
        } catch {
            response = EnfaceFailureShape(profile: path.profile, endpoint: endpoint)
                .answer(to: error, for: request, in: context)
        }
        response.headers[.accessControlAllowOrigin] = "*"
        return response
    }

    private func answer(
        _ request: Request, to endpoint: Endpoint?, at path: EnfacePath, in context: ServerContext
    ) async throws -> Response {
        guard let endpoint else { throw RequestFailure.notFound }
        guard endpoint.verbs.contains(request.method) else { throw RequestFailure.methodNotAllowed(endpoint.verbs) }
        context.facts["enface.method"] = .string(endpoint.rawValue)
        let authority = request.head.authority ?? "localhost"
        let admission = BodyAdmission(users: api.users, maximumBodySize: api.configuration.maximumBodySize)
        let call = try EnfaceCall(
            endpoint, path.profile, request, body: try await admission.body(of: request, to: endpoint, in: context),
            context, linkBase: (api.configuration.publicURL ?? "http://\(authority)") + path.mount)
        return try await api.answer(call)
    }

    /// The answer to a browser that asks before it sends.
    private static let preflight = Response(
        status: .noContent,
        headers: [
            .accessControlAllowOrigin: "*", .accessControlAllowMethods: "GET, POST, PUT, DELETE, OPTIONS",
            .accessControlAllowHeaders: "token, authorization, content-type", .accessControlMaxAge: "86400",
        ])
}
