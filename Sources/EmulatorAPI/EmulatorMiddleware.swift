import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird

/// Answers every request below `/emulator`; others go on.
struct EmulatorMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    let api: EmulatorAPI
    private let endpoints: [Endpoint]

    init(api: EmulatorAPI) {
        self.api = api
        endpoints = api.endpoints
    }

    func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let segments = request.uri.path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
        guard segments.first == "emulator" else { return try await next(request, context) }
        do {
            let path = Array(segments.dropFirst())
            let matches = endpoints.compactMap { endpoint in endpoint.parameters(of: path).map { (endpoint, $0) } }
            guard !matches.isEmpty else { throw RequestFailure.notFound }
            guard let (endpoint, parameters) = matches.first(where: { $0.0.verb == request.method }) else {
                throw RequestFailure.methodNotAllowed(matches.map(\.0.verb))
            }
            let call = EmulatorCall(
                request: request, context: context, parameters: parameters, maximumBodySize: api.maximumBodySize)
            return try await endpoint.answer(call)
        } catch let failure as EmulatorFailure {
            return failure.response
        } catch {
            return PlainFailureShape().answer(to: error, for: request, in: context)
        }
    }
}
