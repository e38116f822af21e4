import HTTPSupport
import HTTPTypes
import Hummingbird

/// One method of an API: where it is, who may call it, what it does.
struct Endpoint: Sendable {
    /// What a key must allow.
    enum Access: Sendable {
        /// No key is needed.
        case open
        /// The method changes nothing that is kept.
        case reading
        /// The method changes persons or collections.
        case writing
    }

    let verb: HTTPRequest.Method
    let pattern: PathPattern
    let access: Access
    /// Whether the method is served at the root, too.
    let isAtRoot: Bool
    /// For the log: verb and path as the documentation writes them.
    let name: String
    let answer: @Sendable (Call) async throws -> Response

    init(
        _ verb: HTTPRequest.Method, _ path: String, _ access: Access, isAtRoot: Bool = true,
        _ answer: @escaping @Sendable (Call) async throws -> Response
    ) {
        self.verb = verb
        pattern = PathPattern(path)
        self.access = access
        self.isAtRoot = isAtRoot
        name = "\(verb.rawValue) \(path)"
        self.answer = answer
    }
}

/// The methods of one API.
struct EndpointTable: Sendable {
    let endpoints: [Endpoint]

    /// What a request means.
    enum Match: Sendable {
        case endpoint(Endpoint, parameters: [String: String])
        /// The path exists for these verbs.
        case otherVerbs([HTTPRequest.Method])
        case nothing
    }

    func match(_ verb: HTTPRequest.Method, _ path: [String], isRoot: Bool) -> Match {
        var verbs: [HTTPRequest.Method] = []
        for endpoint in endpoints where endpoint.isAtRoot || !isRoot {
            guard let parameters = endpoint.pattern.parameters(of: path) else { continue }
            if endpoint.verb == verb { return .endpoint(endpoint, parameters: parameters) }
            if !verbs.contains(endpoint.verb) { verbs.append(endpoint.verb) }
        }
        return verbs.isEmpty ? .nothing : .otherVerbs(verbs)
    }
}
