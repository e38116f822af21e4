import HTTPSupport
import HTTPTypes
import Hummingbird
import Recognition

/// Failures of the cloud API: `{"code":"ERR_…","message":"…"}`, of broken rules with `detail` behind them.
struct CloudFailureShape: RefusalShape {
    func refusal(for error: any Error) -> Refusal? {
        switch error {
        case let refusal as Refusal: refusal
        case let error as CollectionError: Self.code(of: error).refusal()
        case let error as RecognitionError: Self.code(of: error).refusal()
        case let fault as LivenessFault: Self.code(of: fault).refusal()
        default: nil
        }
    }

    func refusal(for failure: RequestFailure) -> Refusal {
        let code: CloudCode =
            switch failure {
            case .notFound: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .unauthorized: .invalidKey
            case .notReady, .overloaded: .maintenance
            case .bodyTooLarge: .payload
            case .unexpected: .unexpected
            case .bodyTooSlow, .bodyBrokenOff, .malformed, .forbidden, .refused: .badRequest
            }
        return Refusal(status: failure.status, code: code.rawValue, message: failure.text)
    }

    func response(to refusal: Refusal) -> Response {
        var writer = JSONWriter(capacity: 256)
        writer.object { refusal.writeMembers(into: &$0) }
        return .json(writer, status: refusal.status)
    }

    func response(to input: InvalidInput) -> Response {
        var writer = JSONWriter(capacity: 512)
        writer.object { object in
            CloudCode.invalidInput.refusal().writeMembers(into: &object)
            object.key("detail")
            object.array { array in
                for fault in input.faults { array.fault(fault) }
            }
        }
        return .json(writer, status: .unprocessableContent)
    }

    func refusal(of standing: KeyStanding?) -> Refusal {
        switch standing {
        case nil, .unknown: CloudCode.invalidKey.refusal()
        case .disabled: CloudCode.disabledKey.refusal()
        case .readOnly, .full: CloudCode.readOnlyKey.refusal()
        }
    }

    private static func code(of error: CollectionError) -> CloudCode {
        switch error {
        case .recognition(let error): code(of: error)
        case .unknownCollection, .unknownFace: .notFound
        case .nameTaken, .personTaken, .similarPerson: .duplicate
        case .tooManyFaces: .tooManyThumbnails
        case .noFaceLeft: .noThumbnailsLeft
        case .faceTooSmall: .faceTooSmall
        case .notAligned: .notStandardCrop
        }
    }

    private static func code(of error: RecognitionError) -> CloudCode {
        switch error {
        case .notReady, .storeUnavailable, .late: .maintenance
        case .overloaded: .rateLimit
        case .unreadableImage: .undecodable
        case .noFace: .noFaces
        case .severalFaces: .severalFaces
        case .lowQuality: .blurry
        case .unknownPerson, .vanished, .unknownCamera: .notFound
        case .alreadyExists: .duplicate
        case .limitReached: .personLimit
        case .invalidTemplate, .invalidText, .invalidValue, .tooMuch: .badRequest
        case .storeFailed: .unexpected
        }
    }

    private static func code(of fault: LivenessFault) -> CloudCode {
        switch fault {
        case .noFace: .noFaces
        case .severalFaces: .severalFaces
        case .tooSmall: .faceTooSmall
        case .cropped: .cropped
        case .tooClose: .tooClose
        case .nearBorder: .edgesNotVisible
        case .turned: .rotated
        case .blurry: .blurry
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fault(_ fault: FieldFault) {
        object { object in
            object.key("loc")
            object.array { array in
                for step in fault.place {
                    switch step {
                    case .key(let key): array.value(key)
                    case .index(let index): array.value(index)
                    }
                }
            }
            object.member("msg", fault.message)
            object.member("type", fault.type)
        }
    }
}
