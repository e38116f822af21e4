import HTTPSupport
import HTTPTypes

/// Finds out which method of which API a request means.
///
/// Below a mount the API is known. At the root the methods differ but for three: `DELETE /collection` without an id and
/// every `PUT` are the FR Server's, `POST /compare` is told apart by its members, `POST /collection` by a setting.
struct RouteResolver: Sendable {
    typealias Flavour = OpenCVConfiguration.Flavour

    /// A path below a mount or at the root.
    struct Place: Sendable {
        /// `nil` at the root.
        let flavour: Flavour?
        let path: [String]
    }

    /// What was found.
    struct Route: Sendable {
        let flavour: Flavour
        let match: EndpointTable.Match

        /// - Throws: ``RequestFailure`` for a path or verb that does not exist.
        func found() throws(RequestFailure) -> (Endpoint, [String: String]) {
            switch match {
            case .endpoint(let endpoint, let parameters): return (endpoint, parameters)
            case .otherVerbs(let verbs): throw .methodNotAllowed(verbs)
            case .nothing: throw .notFound
            }
        }
    }

    let cloud: EndpointTable
    let server: EndpointTable
    let root: Flavour

    /// The first words of paths at the root.
    private static let words: Set<String> = [
        "collection", "collections", "person", "persons", "search", "detect", "verify", "search-live-face", "compare",
        "compare-live-face", "liveness", "head-count", "face-search", "multi-face-search", "docs", "openapi.json",
    ]

    /// Where a path is; `nil` for one of somebody else.
    func place(of path: [String]) -> Place? {
        switch path.first {
        case "opencv": Place(flavour: .cloud, path: Array(path.dropFirst()))
        case "opencv-server": Place(flavour: .server, path: Array(path.dropFirst()))
        case let word? where Self.words.contains(word): Place(flavour: nil, path: path)
        default: nil
        }
    }

    /// Whether only the body tells what a request means.
    func needsBody(_ verb: HTTPRequest.Method, _ place: Place) -> Bool {
        place.flavour == nil && place.path == Self.comparison && verb == .post
    }

    private static let comparison = ["compare"]

    /// What a request means.
    ///
    /// - Parameter call: gets the body where only that tells.
    func route(
        _ verb: HTTPRequest.Method, _ place: Place, for call: inout Call
    ) async throws(RequestFailure) -> Route {
        switch place.flavour {
        case .cloud: return Route(flavour: .cloud, match: cloud.match(verb, place.path, isRoot: false))
        case .server: return Route(flavour: .server, match: server.match(verb, place.path, isRoot: false))
        case nil: break
        }
        let asCloud = Route(flavour: .cloud, match: cloud.match(verb, place.path, isRoot: true))
        let asServer = Route(flavour: .server, match: server.match(verb, place.path, isRoot: true))
        switch (asCloud.match, asServer.match) {
        case (.endpoint, .endpoint):
            guard place.path == Self.comparison else { return root == .cloud ? asCloud : asServer }
            return try await isServerComparison(&call) ? asServer : asCloud
        case (.endpoint, _): return asCloud
        case (_, .endpoint): return asServer
        case (.otherVerbs(let verbs), .otherVerbs(let more)):
            return Route(flavour: root, match: .otherVerbs(verbs + more.filter { !verbs.contains($0) }))
        case (.otherVerbs, .nothing): return asCloud
        case (.nothing, .otherVerbs): return asServer
        case (.nothing, .nothing): return Route(flavour: root, match: .nothing)
        }
    }

    /// Whether a body has the FR Server's members and none of the cloud API's.
    private func isServerComparison(_ call: inout Call) async throws(RequestFailure) -> Bool {
        let body = try await call.request.wholeBody(upTo: call.maximumBodySize, in: call.context)
        call.body = body
        guard let keys = (try? JSONObject(body)).map({ Set($0.keys) }) else { return false }
        return !keys.isDisjoint(with: ["face_base_64", "ref_face_base_64"])
            && keys.isDisjoint(with: ["probe", "gallery"])
    }
}
