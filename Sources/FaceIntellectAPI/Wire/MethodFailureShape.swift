import Foundation
import HTTPSupport
import Hummingbird
import Recognition

/// Failures before any use case in the form of the method that was called.
struct MethodFailureShape: FailureShape {
    /// The method, if the path names one.
    let method: Method?
    let sourceID: UUID

    func response(to failure: RequestFailure, for request: Request) -> Response {
        switch (failure, method) {
        case (.unauthorized, _):
            var writer = JSONWriter()
            writer.object { _ in }
            return .json(writer, status: failure.status)
        case (.forbidden, nil), (.forbidden, .getImage?), (.forbidden, .faceErrorDescriptions?):
            var writer = JSONWriter()
            writer.status("ACCESS_DENIED", result: "", description: failure.text)
            return .json(writer, status: failure.status)
        case (.notReady, .getImage?), (.overloaded, .getImage?): return .busy
        case (.overloaded, let method?):
            return MethodFailure(RecognitionError.overloaded, of: method).response(of: method, sourceID: sourceID)
        case (.notReady, let method?):
            return MethodFailure(.serverNotReady).response(of: method, sourceID: sourceID)
        case (.notFound, _), (.methodNotAllowed, _), (_, nil), (_, .getImage), (_, .faceErrorDescriptions):
            var writer = JSONWriter()
            let text = failure == .notFound ? "There is no such method" : failure.text
            writer.status("UNKNOWN_METHOD", result: "", description: text)
            return .json(writer, status: failure.status)
        case (.malformed, let method?), (.unexpected, let method?), (.bodyBrokenOff, let method?),
            (.forbidden, let method?):
            let description = failure == .unexpected ? nil : failure.text
            return MethodFailure(method.generalCode, description: description)
                .response(of: method, sourceID: sourceID, status: failure.status)
        case (.bodyTooLarge, let method?), (.bodyTooSlow, let method?), (.refused, let method?):
            var writer = JSONWriter()
            writer.status(method.generalCode.rawValue, result: "", description: failure.text)
            return .json(writer, status: failure.status)
        }
    }
}
