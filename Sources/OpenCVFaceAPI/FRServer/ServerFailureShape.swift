import HTTPSupport
import HTTPTypes
import Hummingbird
import Recognition

/// Failures of the FR Server: `{"code":"ERR_…","message":"…"}`, some with `metadata`.
struct ServerFailureShape: RefusalShape {
    func refusal(for error: any Error) -> Refusal? {
        switch error {
        case let refusal as Refusal: refusal
        case let error as CollectionError: Self.code(of: error).refusal()
        case let error as RecognitionError: Self.code(of: error).refusal()
        case let fault as LivenessFault: LivenessCode(fault).refusal
        default: nil
        }
    }

    func refusal(for failure: RequestFailure) -> Refusal {
        let code: ServerCode =
            switch failure {
            case .notFound: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .unauthorized: .keyNotPresent
            case .notReady, .overloaded: .maintenance
            case .bodyTooLarge: .payload
            case .unexpected: .unexpected
            case .bodyTooSlow, .bodyBrokenOff, .malformed, .forbidden, .refused: .badRequest
            }
        return Refusal(status: failure.status, code: code.rawValue, message: failure.text)
    }

    func response(to refusal: Refusal) -> Response {
        var writer = JSONWriter(capacity: 256)
        writer.object { object in
            refusal.writeMembers(into: &object)
            if !refusal.metadata.isEmpty { refusal.writeMetadata(into: &object) }
        }
        return .json(writer, status: refusal.status)
    }

    func response(to input: InvalidInput) -> Response { response(to: Self.refusal(of: input)) }

    /// Broken rules, each under the way to its value.
    static func refusal(of input: InvalidInput) -> Refusal {
        ServerCode.unprocessable.refusal(metadata: input.faults.map { ($0.path, $0.message) })
    }

    func refusal(of standing: KeyStanding?) -> Refusal {
        switch standing {
        case nil: ServerCode.keyNotPresent.refusal()
        case .unknown, .disabled: ServerCode.keyNotValid.refusal()
        case .readOnly, .full: ServerCode.readOnlyKey.refusal()
        }
    }

    private static func code(of error: CollectionError) -> ServerCode {
        switch error {
        case .recognition(let error): code(of: error)
        case .unknownCollection, .unknownFace: .notFound
        case .nameTaken, .personTaken: .alreadyExists
        case .similarPerson: .duplicatePerson
        case .tooManyFaces, .noFaceLeft, .notAligned: .unprocessable
        case .faceTooSmall: .faceNotDetected
        }
    }

    private static func code(of error: RecognitionError) -> ServerCode {
        switch error {
        case .notReady, .late: .maintenance
        case .storeUnavailable: .database
        case .overloaded: .rateLimit
        case .unreadableImage, .lowQuality: .invalidImage
        case .noFace: .faceNotDetected
        case .severalFaces: .severalFaces
        case .unknownPerson, .vanished, .unknownCamera: .notFound
        case .alreadyExists: .alreadyExists
        case .limitReached: .personLimit
        case .invalidTemplate, .invalidText, .invalidValue, .tooMuch: .unprocessable
        case .storeFailed: .unexpected
        }
    }
}
