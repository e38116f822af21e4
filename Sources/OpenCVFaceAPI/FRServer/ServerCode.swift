import HTTPSupport
import HTTPTypes

/// The codes of the FR Server's failures.
enum ServerCode: String, CaseIterable, Sendable {
    case invalidCollectionName = "ERR_INVALID_COLLECTION_NAME"
    case keyNotPresent = "ERR_API_KEY_NOT_PRESENT"
    case keyNotValid = "ERR_API_KEY_NOT_VALID"
    case readOnlyKey = "ERR_READ_ONLY_API_KEY"
    case notFound = "ERR_NOT_FOUND"
    case alreadyExists = "ERR_ALREADY_EXISTS"
    case duplicatePerson = "ERR_DUPLICATE_PERSON"
    case personLimit = "ERR_PERSON_LIMIT_EXCEEDED"
    case faceNotDetected = "ERR_FACE_NOT_DETECTED"
    case severalFaces = "ERR_MULTIPLE_FACES_DETECTED"
    case invalidImage = "ERR_INVALID_IMAGE"
    case liveness = "ERR_LIVENESS_ERROR"
    case unprocessable = "ERR_UNPROCESSABLE_CONTENT"
    case database = "ERR_DATABASE_ERROR"
    case rateLimit = "ERR_RATE_LIMIT_EXCEEDED"
    case maintenance = "ERR_MAINTENANCE_MODE"
    case payload = "ERR_PAYLOAD_IS_TOO_LARGE"
    case methodNotAllowed = "ERR_METHOD_NOT_ALLOWED"
    case badRequest = "ERR_BAD_REQUEST"
    case unexpected = "ERR_INTERNAL_ERROR"

    var status: HTTPResponse.Status {
        switch self {
        case .keyNotPresent: .unauthorized
        case .keyNotValid, .readOnlyKey, .personLimit: .forbidden
        case .notFound: .notFound
        case .alreadyExists, .duplicatePerson: .conflict
        case .unprocessable: .unprocessableContent
        case .database, .unexpected: .internalServerError
        case .rateLimit: .tooManyRequests
        case .maintenance: .serviceUnavailable
        case .payload: .contentTooLarge
        case .methodNotAllowed: .methodNotAllowed
        case .invalidCollectionName, .faceNotDetected, .severalFaces, .invalidImage, .liveness, .badRequest:
            .badRequest
        }
    }

    var text: String {
        switch self {
        case .invalidCollectionName:
            "Collection names can only contain alphanumeric characters, underscores, hyphens, and periods."
        case .keyNotPresent: "The API key is missing from the request."
        case .keyNotValid: "The API key is not valid."
        case .readOnlyKey: "The API key is read-only."
        case .notFound: "The requested entity could not be found."
        case .alreadyExists: "Another entity already exists with the same ID."
        case .duplicatePerson: "A person with a similar face is already in the collection."
        case .personLimit: "The largest number of persons is reached."
        case .faceNotDetected: "A face could not be detected in the image(s)."
        case .severalFaces: "More than one face was detected in the image."
        case .invalidImage: "The image could not be decoded."
        case .liveness: "The liveness check failed."
        case .unprocessable: "The request is not valid."
        case .database: "The database cannot be used at the moment."
        case .rateLimit: "Too many requests, please try again."
        case .maintenance: "The server is not ready, please try again later."
        case .payload: "The body is too large."
        case .methodNotAllowed: "The method is not allowed at this path."
        case .badRequest: "The request cannot be understood."
        case .unexpected: "Internal error."
        }
    }

    /// The failure with its usual text or another one.
    func refusal(_ message: String? = nil, metadata: [(key: String, value: String)] = []) -> Refusal {
        Refusal(status: status, code: rawValue, message: message ?? text, metadata: metadata)
    }
}

/// What `metadata.code` of a failed liveness check says.
enum LivenessCode: String, CaseIterable, Sendable {
    case eyesClosed = "EYES_CLOSED"
    case closeToBorder = "FACE_CLOSE_TO_BORDER"
    case cropped = "FACE_CROPPED"
    case notLive = "FACE_NOT_LIVE"
    case tooClose = "FACE_TOO_CLOSE"
    case angle = "FACE_ANGLE_TOO_LARGE"
    case occluded = "FACE_IS_OCCLUDED"
    case notFound = "FACE_NOT_FOUND"
    case tooSmall = "FACE_TOO_SMALL"
    case license = "LICENSE_ERROR"
    case tooManyFaces = "TOO_MANY_FACES"
    case unknown = "UNKNOWN_ERROR"

    init(_ fault: LivenessFault) {
        self =
            switch fault {
            case .noFace: .notFound
            case .severalFaces: .tooManyFaces
            case .tooSmall: .tooSmall
            case .cropped: .cropped
            case .tooClose: .tooClose
            case .nearBorder: .closeToBorder
            case .turned: .angle
            case .blurry: .unknown
            }
    }

    var refusal: Refusal { ServerCode.liveness.refusal(metadata: [("code", rawValue)]) }
}
