import HTTPSupport
import HTTPTypes

/// The methods of the interface by the names that the documentation gives them.
enum Method: String, CaseIterable, Sendable {
    case createPerson = "CreatePerson"
    case updatePerson = "UpdatePerson"
    case readPersons = "ReadPersons"
    case deletePersons = "DeletePersons"
    case findFaces = "FindFaces"
    case getImage = "GetImage"
    case getProtocols = "GetProtocols"
    case getAnalityc = "GetAnalityc"
    case getAnalitycByTime = "GetAnalitycByTime"
    case findPasserBy = "FindPasserBy"
    case faceErrorDescriptions = "FaceErrorDescriptions"

    /// The method of a path's segment, in any letter case.
    init?(named name: String) {
        guard let method = Self.allCases.first(where: { $0.rawValue.isEqualIgnoringCase(name) }) else { return nil }
        self = method
    }

    /// The verbs that the method answers.
    var verbs: [HTTPRequest.Method] {
        switch self {
        case .getImage: [.get]
        case .faceErrorDescriptions: [.post, .get]
        case .createPerson, .updatePerson, .readPersons, .deletePersons, .findFaces, .getProtocols, .getAnalityc,
            .getAnalitycByTime, .findPasserBy:
            [.post]
        }
    }

    /// How far the method goes.
    var access: AccessLevel {
        switch self {
        case .createPerson, .updatePerson, .deletePersons: .changing
        case .readPersons, .findFaces, .getImage, .faceErrorDescriptions, .getProtocols, .getAnalityc,
            .getAnalitycByTime, .findPasserBy:
            .reading
        }
    }

    /// The code for whatever has no code of its own.
    var generalCode: ErrorCode {
        switch self {
        case .createPerson: .failedToAddPerson
        case .updatePerson: .failedToUpdatePerson
        case .deletePersons: .failedToDeletePerson
        case .findFaces, .findPasserBy: .faceNotFound
        case .readPersons, .getImage, .faceErrorDescriptions, .getProtocols, .getAnalityc, .getAnalitycByTime:
            .serverNotReady
        }
    }
}
