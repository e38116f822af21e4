import HTTPSupport
import Hummingbird

/// Failures before any use case: `{"status":"error","message":"…"}`.
struct EnfaceFailureShape: FailureShape {
    let profile: Profile
    let endpoint: Endpoint?

    func response(to failure: RequestFailure, for request: Request) -> Response {
        let told: EnfaceFailure =
            switch failure {
            case .bodyTooLarge: EnfaceFailure(.contentTooLarge, "request is too large")
            case .malformed, .bodyBrokenOff: .invalidSchema
            case .notReady: .notReady
            case .forbidden: .roleDenied
            case .overloaded: .busy
            default: EnfaceFailure(failure.status, failure.text)
            }
        return told.response(in: profile, to: endpoint)
    }
}
