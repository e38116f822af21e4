import FaceModel
import HTTPSupport
import Recognition

extension PictureStorage {
    /// What a client wants to be kept of a picture, as the FR Server's clients say it.
    enum Word: String, CaseIterable {
        case none = "NoStorage"
        case thumbnail = "StoreThumbnails"
        case whole = "StoreFullImage"

        var storage: PictureStorage {
            switch self {
            case .none: .none
            case .thumbnail: .thumbnail
            case .whole: .whole
            }
        }
    }
}

/// How persons are enrolled, one or many.
struct EnrolmentRules: Sendable {
    var storage: PictureStorage
    /// The score from which a face of the collection is too similar; `nil`: nobody looks.
    var duplicateScore: Double?
    var checksLiveness: Bool
}

/// A person as a request describes it.
struct EnrolmentFields: Sendable {
    var id: String
    var name: String
    var picture: EncodedText
    var metadata: String
}

extension FieldReader {
    /// A collection's name; whether it is one that a collection can have is not looked at.
    mutating func collectionName() -> String { requiredText("collection_name", 1...1000) }

    mutating func enrolmentRules() -> EnrolmentRules {
        let storage = choice("face_storage_type", of: PictureStorage.Word.self) ?? .thumbnail
        let checksDuplicates = flag("check_duplicates") ?? false
        let score = score("duplicate_check_min_similarity") ?? SimilarityScore.usualServerMinimum
        return EnrolmentRules(
            storage: storage.storage, duplicateScore: checksDuplicates ? score : nil,
            checksLiveness: flag("check_liveness") ?? false)
    }

    /// - Parameter id: the id, where it does not stand among the fields.
    mutating func enrolment(id: String? = nil) -> EnrolmentFields {
        let fields = EnrolmentFields(
            id: id ?? requiredText("person_id", 1...256), name: requiredText("person_name", 0...256),
            picture: picture("face_base_64"), metadata: object["metadata"]?.json ?? "{}")
        if let metadata = object["metadata"] {
            if metadata.object == nil { fail("metadata", .object) }
            if metadata.containsNUL { fail("metadata", .nul) }
        }
        return fields
    }

    /// What a search asks for beside the picture.
    mutating func faceSearchOptions() -> FaceSearchOptions {
        let minimum = score("min_similarity_score") ?? score("min_score")
        return FaceSearchOptions(
            collection: collectionName(), minimum: minimum ?? SimilarityScore.usualServerMinimum,
            limit: integer("max_results", 1...1000) ?? 1, checksLiveness: flag("check_liveness") ?? false)
    }
}

/// What a search asks for beside the picture.
struct FaceSearchOptions: Sendable {
    var collection: String
    var minimum: Double
    var limit: Int
    var checksLiveness: Bool
}

extension EncodedText {
    /// The picture, as the FR Server refuses what is none.
    func serverDecoded() throws(Refusal) -> [UInt8] {
        guard let bytes else { throw ServerCode.invalidImage.refusal() }
        return bytes
    }
}
