import FaceModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Recognition

/// Why a call was refused, in the words of the Enface platform.
struct EnfaceFailure: Error, Hashable {
    /// What the refusal is about, where the profiles tell it differently.
    enum Kind: Hashable {
        /// Something that was named is not there.
        case missing
        /// Email and password do not belong together.
        case credentials
        /// There is no valid token.
        case denied
        /// Anything else, which both tell alike.
        case other
    }

    let status: HTTPResponse.Status
    let message: String
    let kind: Kind

    init(_ status: HTTPResponse.Status, _ message: String, _ kind: Kind = .other) {
        self.status = status
        self.message = message
        self.kind = kind
    }

    static let invalidSchema = EnfaceFailure(.badRequest, "invalid schema")
    static let invalidInput = EnfaceFailure(.badRequest, "invalid input")
    static let accessDenied = EnfaceFailure(.unauthorized, "access denied", .denied)
    /// The account's role does not allow it.
    static let roleDenied = EnfaceFailure(.forbidden, "access denied")
    static let noImage = EnfaceFailure(.badRequest, "no image attached")
    static let unexpectedField = EnfaceFailure(.badRequest, "unexpected field")
    static let notReady = EnfaceFailure(.serviceUnavailable, "server is not ready")
    static let busy = EnfaceFailure(.serviceUnavailable, "server is busy, please try again")
    static let internalError = EnfaceFailure(.internalServerError, "internal error")

    /// Something that was named is not there.
    static func missing(_ status: HTTPResponse.Status, _ message: String) -> EnfaceFailure {
        EnfaceFailure(status, message, .missing)
    }

    static func unknownPerson(_ id: UUID) -> EnfaceFailure {
        missing(.notFound, "person id \(id.lowercasedText) does not found")
    }

    /// The one place where errors of the use cases get their words.
    init(_ error: RecognitionError) {
        switch error {
        case .notReady, .storeUnavailable: self = .notReady
        case .overloaded, .late: self = .busy
        case .storeFailed: self = .internalError
        case .tooMuch: self.init(.badRequest, "too many results")
        case .limitReached: self.init(.forbidden, "the number of persons is limited")
        case .invalidText, .invalidValue, .invalidTemplate: self = .invalidSchema
        case .unknownPerson: self = .missing(.notFound, "person does not found")
        case .vanished: self = .missing(.notFound, "item with this id not found")
        case .alreadyExists: self.init(.badRequest, "this name is already exists")
        case .unreadableImage, .noFace, .severalFaces, .lowQuality, .unknownCamera: self = .invalidSchema
        }
    }

    /// The failure as an answer of a profile.
    func response(in profile: Profile, to endpoint: Endpoint?) -> Response {
        let told = told(in: profile, of: endpoint)
        let isFailedWord = profile == .neurovision && kind == .denied && [.person, .personCreate].contains(endpoint)
        var writer = JSONWriter(capacity: 128)
        writer.object { object in
            object.member("status", isFailedWord ? "failed" : "error")
            object.member("message", told.message)
        }
        var response = Response.json(writer, status: told.status)
        if told.status == .serviceUnavailable { response.headers[.retryAfter] = "1" }
        return response
    }

    /// The same in the words of a profile.
    private func told(
        in profile: Profile, of endpoint: Endpoint?
    ) -> (status: HTTPResponse.Status, message: String) {
        guard profile == .neurovision else { return (status, message) }
        switch kind {
        case .missing:
            let says = [.persons, .listCreate, .fusion].contains(endpoint) ? "does not found" : "not found"
            return (.notFound, "item with this id \(says)")
        case .credentials: return (.forbidden, "invalid user credentials")
        case .denied, .other: return (status, message)
        }
    }
}

extension UUID {
    /// The id as the platform writes ids.
    var lowercasedText: String { uuidString.lowercased() }
}

/// Runs a use case and says what its failure means.
func calling<R>(_ body: () async throws(RecognitionError) -> R) async throws(EnfaceFailure) -> R {
    do {
        return try await body()
    } catch {
        throw EnfaceFailure(error)
    }
}
