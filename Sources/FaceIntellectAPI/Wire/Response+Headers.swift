import HTTPTypes
import Hummingbird

extension Response {
    /// The answer to a browser that asks what it may send.
    static func preflight(for method: Method?) -> Response {
        var response = Response(status: .noContent)
        response.headers[.contentLength] = nil
        response.addDocumentedHeaders(for: method)
        response.headers[.accessControlAllowMethods] = "POST, GET, OPTIONS"
        response.headers[.accessControlAllowHeaders] = "Content-Type, Authorization"
        return response
    }

    /// Adds the headers that the documentation lists for every method, and the real one for browsers beside the
    /// vendor's misspelt one.
    mutating func addDocumentedHeaders(for method: Method?) {
        if headers[.allow] == nil { headers[.allow] = method?.documentedVerbs ?? "POST" }
        headers[.accessControlRequestMethod] = "POST"
        headers[.accessControlAllowOrigin] = "*"
        if let misspelt = Self.accessControlOrigin { headers[misspelt] = "*" }
    }

    private static let accessControlOrigin = HTTPField.Name("Access-Control-Origin")
}

extension Method {
    /// What `Allow` says; HEAD goes without saying.
    fileprivate var documentedVerbs: String { verbs.map(\.rawValue).joined(separator: ", ") }
}
