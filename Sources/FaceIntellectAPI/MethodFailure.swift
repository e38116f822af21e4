import HTTPTypes
import Recognition

/// A method's failure in the words of the interface.
struct MethodFailure: Error, Hashable {
    let code: ErrorCode
    let description: String
    /// The ids that failed, for DeletePersons.
    let result: String
    /// 200 as a rule; 503 where the client should come back in a moment, 500 for what nobody foresaw.
    let status: HTTPResponse.Status

    init(_ code: ErrorCode, description: String? = nil, result: String = "", status: HTTPResponse.Status = .ok) {
        self.code = code
        self.description = description ?? "\(code.text)"
        self.result = result
        self.status = status
    }

    static let tooMuch = "The page is too large, please ask for fewer rows at a time"

    /// The one place where errors of the use cases get their codes.
    init(_ error: RecognitionError, of method: Method, result: String = "") {
        switch error {
        case .notReady: self.init(.serverNotReady, result: result)
        case .overloaded, .late:
            self.init(
                .serverNotReady, description: "Server is busy, please try again", result: result,
                status: .serviceUnavailable)
        case .noFace: self.init(method == .updatePerson ? method.generalCode : .faceNotFound, result: result)
        case .severalFaces:
            self.init(method == .createPerson ? .failedToAddPersonManyFaces : method.generalCode, result: result)
        case .limitReached: self.init(.maximumFIRs, result: result)
        case .tooMuch:
            self.init(method.generalCode, description: Self.tooMuch, result: result)
        case .invalidText:
            self.init(
                method.generalCode, description: "A text holds the character NUL, which cannot be stored",
                result: result)
        case .invalidValue:
            self.init(method.generalCode, description: "A value cannot be stored", result: result)
        case .storeUnavailable: self.init(method.storeFailureCode, result: result)
        case .storeFailed: self.init(method.generalCode, result: result, status: .internalServerError)
        case .unreadableImage, .lowQuality, .invalidTemplate, .unknownPerson, .vanished, .unknownCamera, .alreadyExists:
            self.init(method.generalCode, result: result)
        }
    }
}

extension Method {
    /// The code for a database that cannot be reached.
    fileprivate var storeFailureCode: ErrorCode {
        switch self {
        case .createPerson: .failedToSaveDatabase
        case .updatePerson: .failedToUpdatePerson
        case .deletePersons: .failedToDeletePerson
        case .readPersons, .findFaces, .getImage, .faceErrorDescriptions, .getProtocols, .getAnalityc,
            .getAnalitycByTime, .findPasserBy:
            .serverNotReady
        }
    }
}
