import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging

/// A failure with a code, as both APIs have them: status, code, one line for people, and a few facts.
struct Refusal: Error, Sendable {
    let status: HTTPResponse.Status
    let code: String
    let message: String
    /// Further texts by name; only the FR Server has them.
    var metadata: [(key: String, value: String)] = []

    func writeMembers(into object: inout JSONWriter) {
        object.member("code", code)
        object.member("message", message)
    }

    /// The texts as a member.
    func writeMetadata(into object: inout JSONWriter) {
        object.key("metadata")
        object.object { members in
            for (key, value) in metadata {
                members.key(text: key)
                members.value(value)
            }
        }
    }
}

/// How an API says that something failed.
protocol RefusalShape: FailureShape {
    /// The refusal that an error means, or `nil` for a failure before any method.
    func refusal(for error: any Error) -> Refusal?
    /// The refusal that a failure before any method means.
    func refusal(for failure: RequestFailure) -> Refusal
    func response(to refusal: Refusal) -> Response
    func response(to input: InvalidInput) -> Response
    /// What a key that does not let the request in is told.
    func refusal(of standing: KeyStanding?) -> Refusal
}

extension RefusalShape {
    func response(to failure: RequestFailure, for request: Request) -> Response {
        response(to: refusal(for: failure))
    }

    /// The complete answer to a call that ended in an error.
    func failed(_ error: any Error, _ request: Request, in context: ServerContext) -> Response {
        if let input = error as? InvalidInput { return response(to: input) }
        guard let refusal = refusal(for: error) else { return answer(to: error, for: request, in: context) }
        context.facts["opencv.code"] = .string(refusal.code)
        var response = response(to: refusal)
        // Only who comes too often is told to come back, and nobody else.
        if refusal.status == .tooManyRequests { response.headers[.retryAfter] = "1" }
        return response
    }
}
