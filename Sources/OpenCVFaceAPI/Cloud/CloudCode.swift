import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging
import Recognition

/// The codes of the cloud API's failures.
enum CloudCode: String, CaseIterable, Sendable {
    case invalidKey = "ERR_INVALID_API_KEY"
    case disabledKey = "ERR_DISABLED_API_KEY"
    case readOnlyKey = "ERR_READ_ONLY_API_KEY"
    case rateLimit = "ERR_RATE_LIMIT_EXCEEDED"
    case maintenance = "ERR_MAINTENANCE_MODE"
    case notFound = "ERR_ENTITY_NOT_FOUND"
    case duplicate = "ERR_DUPLICATE_ENTITY"
    case personLimit = "ERR_PERSON_LIMIT_EXCEEDED"
    case noFaces = "ERR_NO_FACES_FOUND"
    case undecodable = "ERR_IMAGE_COULD_NOT_BE_DECODED"
    case severalFaces = "ERR_MULTIPLE_FACES"
    case faceTooSmall = "ERR_FACE_TOO_SMALL"
    case rotated = "ERR_FACE_ROTATION"
    case edgesNotVisible = "ERR_FACE_EDGES_NOT_VISIBLE"
    case tooClose = "ERR_FACE_TOO_CLOSE"
    case cropped = "ERR_FACE_CROPPED"
    case blurry = "ERR_BLURRY_IMAGE"
    case notStandardCrop = "ERR_NOT_STANDARD_CROP"
    case tooManyThumbnails = "ERR_UPDATE_RESULTS_IN_TOO_MANY_THUMBNAILS"
    case noThumbnailsLeft = "ERR_UPDATE_RESULTS_IN_NO_THUMBNAILS"
    case noThumbnailsAfterDelete = "ERR_DELETE_RESULTS_IN_NO_THUMBNAILS"
    case payload = "ERR_PAYLOAD_IS_TOO_LARGE"
    case invalidInput = "ERR_UNPROCESSABLE_CONTENT"
    case methodNotAllowed = "ERR_METHOD_NOT_ALLOWED"
    case badRequest = "ERR_BAD_REQUEST"
    case unexpected = "ERR_INTERNAL_ERROR"

    var status: HTTPResponse.Status {
        switch self {
        case .invalidKey: .unauthorized
        case .disabledKey, .readOnlyKey, .personLimit: .forbidden
        case .rateLimit: .tooManyRequests
        case .maintenance: .serviceUnavailable
        case .notFound: .notFound
        case .duplicate: .conflict
        case .payload: .contentTooLarge
        case .invalidInput: .unprocessableContent
        case .methodNotAllowed: .methodNotAllowed
        case .unexpected: .internalServerError
        case .noFaces, .undecodable, .severalFaces, .faceTooSmall, .rotated, .edgesNotVisible, .tooClose, .cropped,
            .blurry, .notStandardCrop, .tooManyThumbnails, .noThumbnailsLeft, .noThumbnailsAfterDelete, .badRequest:
            .badRequest
        }
    }

    var text: String {
        switch self {
        case .invalidKey: "The API key is missing or invalid"
        case .disabledKey: "The API key is disabled"
        case .readOnlyKey: "The API key is read-only"
        case .rateLimit: "Too many requests, please try again"
        case .maintenance: "The server is not ready, please try again later"
        case .notFound: "The requested entity could not be found"
        case .duplicate: "An entity with this id or name already exists"
        case .personLimit: "The largest number of persons is reached"
        case .noFaces: "Could not obtain at least one face from the supplied image(s)"
        case .undecodable: "An image could not be decoded"
        case .severalFaces: "The image shows more than one face"
        case .faceTooSmall: "The face is too small"
        case .rotated: "The face is turned too far"
        case .edgesNotVisible: "The face is too close to the edge of the image"
        case .tooClose: "The face is too close to the camera"
        case .cropped: "The face is cut off by the edge of the image"
        case .blurry: "The image is too blurry"
        case .notStandardCrop: "The image is not a crop made by the detect method"
        case .tooManyThumbnails: "A person can have at most \(ProfileDraft.mostPictures) images"
        case .noThumbnailsLeft, .noThumbnailsAfterDelete: "A person must have at least one image"
        case .payload: "The body is too large"
        case .invalidInput: "The request is not valid"
        case .methodNotAllowed: "The method is not allowed at this path"
        case .badRequest: "The request cannot be understood"
        case .unexpected: "Internal error"
        }
    }

    /// The failure with its usual text or another one.
    func refusal(_ message: String? = nil) -> Refusal {
        Refusal(status: status, code: rawValue, message: message ?? text)
    }
}
