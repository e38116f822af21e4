public import HTTPTypes
import Hummingbird
import NIOCore

/// Why a request did not reach a use case, the same for all dialects; each of them says it in its own form.
public enum RequestFailure: Error, Sendable, Hashable {
    /// Nothing lives at this path.
    case notFound
    /// The path exists for other verbs only.
    case methodNotAllowed([HTTPRequest.Method])
    /// The request comes from nobody who may ask; the text is the challenge of `WWW-Authenticate`.
    case unauthorized(challenge: String)
    /// Whoever asks is known and may not do this, or a browser asks for a page of another site; the text says why.
    case forbidden(String)
    /// The server cannot answer yet.
    case notReady
    /// There is no memory or time for the request at the moment.
    case overloaded
    /// The body is larger than this many bytes.
    case bodyTooLarge(limit: Int)
    /// The client took too long to send the body.
    case bodyTooSlow
    /// The connection ended in the middle of the body.
    case bodyBrokenOff
    /// The request cannot be understood; the text says why, without any of its data.
    case malformed(String)
    /// The framework refused the request with this status.
    case refused(HTTPResponse.Status)
    /// Something broke that nobody foresaw.
    case unexpected

    /// The failure that an error stands for.
    public init(_ error: any Error) {
        switch error {
        case let failure as RequestFailure: self = failure
        case let error as JSONError: self = .malformed(error.description)
        case let error as MultipartError: self = .malformed(error.description)
        case let error as any HTTPResponseError:
            self = error.status == .notFound ? .notFound : .refused(error.status)
        default: self = .unexpected
        }
    }

    /// The HTTP status that says it.
    public var status: HTTPResponse.Status {
        switch self {
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .unauthorized: .unauthorized
        case .forbidden: .forbidden
        case .notReady, .overloaded: .serviceUnavailable
        case .bodyTooLarge: .contentTooLarge
        case .bodyTooSlow: .requestTimeout
        case .bodyBrokenOff, .malformed: .badRequest
        case .refused(let status): status
        case .unexpected: .internalServerError
        }
    }

    /// One line for people.
    public var text: String {
        switch self {
        case .notFound: "Nothing is found at this path"
        case .methodNotAllowed(let methods): "Use \(methods.map(\.rawValue).joined(separator: " or "))"
        case .unauthorized: "Login and password are needed"
        case .notReady: "The server is not ready"
        case .overloaded: "The server is busy, please try again"
        case .bodyTooLarge(let limit): "The body is larger than \(limit) bytes"
        case .bodyTooSlow: "The body arrived too slowly"
        case .bodyBrokenOff: "The body is incomplete"
        case .malformed(let reason), .forbidden(let reason): reason
        case .refused(let status): status.reasonPhrase
        case .unexpected: "Internal error"
        }
    }

    /// Whether the rest of the request is not worth reading, so that the connection has to end with the answer.
    public var endsConnection: Bool {
        switch self {
        case .bodyTooLarge, .bodyTooSlow, .bodyBrokenOff: true
        case .refused(let status): status == .contentTooLarge
        case .notFound, .methodNotAllowed, .unauthorized, .forbidden, .notReady, .overloaded, .malformed, .unexpected:
            false
        }
    }
}
