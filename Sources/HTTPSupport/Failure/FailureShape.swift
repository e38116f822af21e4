public import Hummingbird
import Logging

/// How a dialect tells its clients that a request failed before any use case.
public protocol FailureShape: Sendable {
    /// The answer to a request that failed; the caller adds what HTTP itself asks for.
    func response(to failure: RequestFailure, for request: Request) -> Response
}

extension FailureShape {
    /// The complete answer to a request that ended in an error.
    ///
    /// It has the dialect's form, `Allow`, and `Connection: close` where the rest of the request is not read. What
    /// nobody foresaw is logged, once, here.
    public func answer(to error: any Error, for request: Request, in context: ServerContext) -> Response {
        let failure = RequestFailure(error)
        if failure == .unexpected {
            context.logger.error("request failed", metadata: ["error.type": "\(type(of: error))", "error": "\(error)"])
        }
        var response = response(to: failure, for: request)
        if case .methodNotAllowed(let methods) = failure {
            response.headers[.allow] = methods.map(\.rawValue).joined(separator: ", ")
        }
        if case .unauthorized(let challenge) = failure { response.headers[.wwwAuthenticate] = challenge }
        if failure.status == .serviceUnavailable { response.headers[.retryAfter] = "1" }
        if failure.endsConnection { response.headers[.connection] = "close" }
        return response
    }
}
