/// The codes of `Status`, complete, with the vendor's texts.
enum ErrorCode: String, CaseIterable, Sendable {
    case failedToAddPerson = "FAILED_TO_ADD_PERSON"
    case faceNotFound = "FACE_NOT_FOUND"
    case maximumFIRs = "MAXIMUM_FIRS"
    case serverNotReady = "SERVER_NOT_READY"
    case failedToDeletePerson = "FAILED_TO_DELETE_PERSON"
    case failedToAddPersonManyFaces = "FAILED_TO_ADD_PERSON_MANY_FACES"
    case failedToSaveDatabase = "FAILED_TO_SAVE_DATABASE"
    case failedToUpdatePerson = "FAILED_TO_UPDATE_PERSON"

    /// The English text of the code.
    var text: StaticString {
        switch self {
        case .failedToAddPerson: "Failed to add person. Check request parameters or database"
        case .faceNotFound: "Face not found on supplied image"
        case .maximumFIRs: "Maximum FIR in database"
        case .serverNotReady: "Server is initializing, please wait"
        case .failedToDeletePerson: "Failed to delete person. Check request parameters or database"
        case .failedToAddPersonManyFaces: "The image shown has more than one face"
        case .failedToSaveDatabase: "Failed to save person. Check request parameters or database"
        case .failedToUpdatePerson: "Failed to update person. Check request parameters or database"
        }
    }
}
