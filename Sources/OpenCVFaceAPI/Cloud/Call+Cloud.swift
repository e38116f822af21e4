import FaceModel
import Foundation
import HTTPSupport
import Recognition

extension Call {
    /// The collection's id in the path.
    ///
    /// - Throws: ``InvalidInput`` for a text of another length, ``CollectionError/unknownCollection`` for one that no
    ///   collection can have.
    func collectionID() throws -> UUID {
        let text = parameter("collection_id")
        guard text.unicodeScalars.count >= 36 else {
            throw InvalidInput(FieldFault(at: ["path", "collection_id"], .tooShort(36)))
        }
        guard text.unicodeScalars.count == 36 else {
            throw InvalidInput(FieldFault(at: ["path", "collection_id"], .tooLong(36)))
        }
        return try Self.collectionID(text)
    }

    /// The person's id in the path.
    ///
    /// - Throws: ``InvalidInput`` for one that is too long.
    func personID() throws(InvalidInput) -> String {
        let text = parameter("person_id")
        guard text.unicodeScalars.count <= 100 else {
            throw InvalidInput(FieldFault(at: ["path", "person_id"], .tooLong(100)))
        }
        guard !text.utf8.contains(0) else { throw InvalidInput(FieldFault(at: ["path", "person_id"], .nul)) }
        return text
    }

    static func collectionID(_ text: String) throws(CollectionError) -> UUID {
        guard let id = UUID(uuidString: text) else { throw .unknownCollection }
        return id
    }
}

extension FieldReader {
    /// The ids of collections, as texts of the right length.
    mutating func collectionIDs(_ key: String) -> [String]? { texts(key, 0...1000, length: 36...36) }

    /// The profile's fields of a new person.
    mutating func personDraft() -> (draft: ProfileDraft, collections: [String]) {
        var draft = ProfileDraft(id: text("id", 1...100), name: text("name", 1...100), notes: text("notes", 0...500))
        draft.profile = PersonProfile(
            gender: choice("gender", of: CloudGender.self)?.gender, dateOfBirth: date("date_of_birth"),
            nationality: text("nationality", 0...100))
        _ = flag("is_bulk_insert")
        return (draft, collectionIDs("collections") ?? [])
    }

    /// The fields of a change of a person that are not pictures.
    mutating func personChanges() -> (changes: ProfileChanges, collections: [String]?) {
        var changes = ProfileChanges()
        changes.name = text("name", 1...100)
        changes.notes = clearableText("notes", 0...500)
        changes.nationality = clearableText("nationality", 0...100)
        if has("gender") { changes.gender = .some(choice("gender", of: CloudGender.self)?.gender) }
        if has("date_of_birth") { changes.dateOfBirth = .some(date("date_of_birth")) }
        return (changes, collectionIDs("collections"))
    }

    /// What a search asks for beside the pictures.
    mutating func searchOptions(mostResults: Int, usualMode: SearchMode) -> SearchOptions {
        SearchOptions(
            collection: text("collection_id", 36...36), limit: integer("max_results", 1...mostResults) ?? 10,
            minimum: score("min_score") ?? SimilarityScore.usualCloudMinimum,
            isAccurate: (choice("search_mode") ?? usualMode) == .accurate)
    }
}

/// How carefully faces are compared.
enum SearchMode: String, CaseIterable {
    case fast = "FAST"
    case accurate = "ACCURATE"
}

/// Where the picture of a liveness method was taken; nothing depends on it.
enum CaptureSystem: String, CaseIterable {
    case desktop = "DESKTOP"
    case android = "ANDROID"
    case ios = "IOS"
}

/// What a search asks for beside the pictures.
struct SearchOptions: Sendable {
    /// The text of a collection's id; `nil`: everybody.
    var collection: String?
    var limit: Int
    var minimum: Double
    var isAccurate: Bool
}

extension [EncodedText] {
    /// The pictures.
    func decoded() throws(Refusal) -> [[UInt8]] {
        var pictures: [[UInt8]] = []
        for text in self { pictures.append(try text.decoded()) }
        return pictures
    }
}

extension EncodedText {
    func decoded() throws(Refusal) -> [UInt8] {
        guard let bytes else { throw CloudCode.undecodable.refusal("A text is not the base64 of an image") }
        return bytes
    }
}
