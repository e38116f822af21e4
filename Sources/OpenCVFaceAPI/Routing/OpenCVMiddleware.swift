import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging
import Recognition

/// Answers what is below the two mounts, and at the root what has a word of these APIs; other requests go on.
struct OpenCVMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    private static let keyHeader = HTTPField.Name("x-api-key")
    private static let emulatedHeader = HTTPField.Name("X-Firserver-Emulated")

    let api: OpenCVFaceAPI
    private let resolver: RouteResolver

    init(api: OpenCVFaceAPI) {
        self.api = api
        resolver = RouteResolver(
            cloud: EndpointTable(endpoints: api.cloudEndpoints), server: EndpointTable(endpoints: api.serverEndpoints),
            root: api.configuration.root)
    }

    func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        // Empty segments are left out, so a base with a slash at its end works.
        let path = request.uri.path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
        guard let place = resolver.place(of: path) else { return try await next(request, context) }
        var call = Call(
            request: request, context: context, parameters: [:], maximumBodySize: api.configuration.maximumBodySize)
        var flavour = place.flavour ?? api.configuration.root
        var response: Response
        do {
            // Nobody's body is read without a key.
            if resolver.needsBody(request.method, place) {
                try await admit(request, to: .reading, as: flavour, in: context)
            }
            let route = try await resolver.route(request.method, place, for: &call)
            flavour = route.flavour
            let (endpoint, parameters) = try route.found()
            context.facts["opencv.method"] = .string("\(flavour.rawValue) \(endpoint.name)")
            try await admit(request, to: endpoint.access, as: flavour, in: context)
            call = call.with(parameters: parameters)
            response = try context.counted(try await endpoint.answer(call))
        } catch {
            response = flavour.shape.failed(error, request, in: context)
        }
        if call.notes.hasScriptedLiveness, let header = Self.emulatedHeader { response.headers[header] = "liveness" }
        return response
    }

    /// Lets a request in that has a key for a method with this access.
    private func admit(
        _ request: Request, to access: Endpoint.Access, as flavour: OpenCVConfiguration.Flavour,
        in context: ServerContext
    ) async throws {
        if access == .open { return }
        guard api.service.isReady, !context.pretendsNotReady else { throw RequestFailure.notReady }
        guard let header = Self.keyHeader, let secret = request.headers[header], !secret.isEmpty else {
            throw flavour.shape.refusal(of: nil)
        }
        let standing: KeyStanding
        do {
            standing = try await api.keys.standing(of: secret)
        } catch {
            throw RequestFailure.notReady
        }
        switch (standing, access) {
        case (.full, _), (.readOnly, .reading): return
        default: throw flavour.shape.refusal(of: standing)
        }
    }
}

extension OpenCVConfiguration.Flavour {
    /// How failures look.
    var shape: any RefusalShape {
        switch self {
        case .cloud: CloudFailureShape()
        case .server: ServerFailureShape()
        }
    }
}

extension Call {
    /// The same call with the parameters of a path.
    func with(parameters: [String: String]) -> Call {
        var call = self
        call.parameters = parameters
        return call
    }
}
