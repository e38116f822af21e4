public import Foundation

/// A row of the face database: who somebody is and how often they were recognised.
public struct Person: Sendable, Hashable, Identifiable {
    /// The key inside the server.
    public let id: UUID
    /// The id that a client chose where it is no UUID (digits in the oldest Face Intellect clients).
    public var externalID: String?
    /// The gallery that the person belongs to.
    public var galleryID: UUID
    /// The free text fields, kept byte for byte.
    public var texts: PersonTexts
    /// Whether the server added this person by itself from an unrecognised face.
    public var autoCreated: Bool
    /// When the reference photo entered the database; whole milliseconds.
    public var createdAt: Date
    /// The id of the reference photo and of the face in it.
    public var imageID: UUID
    /// The number of the platform user tied to this face, if any.
    public var platformUserID: Int?
    /// How often the person was recognised.
    public var recognitionCount: Int
    /// When the person was last recognised.
    public var lastRecognitionAt: Date?

    /// A person from all its parts.
    public init(
        id: UUID, externalID: String?, galleryID: UUID, texts: PersonTexts, autoCreated: Bool, createdAt: Date,
        imageID: UUID, platformUserID: Int?, recognitionCount: Int, lastRecognitionAt: Date?
    ) {
        self.id = id
        self.externalID = externalID
        self.galleryID = galleryID
        self.texts = texts
        self.autoCreated = autoCreated
        self.createdAt = createdAt
        self.imageID = imageID
        self.platformUserID = platformUserID
        self.recognitionCount = recognitionCount
        self.lastRecognitionAt = lastRecognitionAt
    }
}

/// The five text fields of a person: any Unicode text without the NUL character, never trimmed or normalised.
public struct PersonTexts: Sendable, Hashable {
    /// Given name.
    public var name: String
    /// Family name.
    public var surname: String
    /// Middle name; clients often keep a key of their own here.
    public var patronymic: String
    /// Department, as text.
    public var department: String
    /// Free comment.
    public var comment: String

    /// How many bytes the texts have together.
    public var byteCount: Int {
        name.utf8.count + surname.utf8.count + patronymic.utf8.count + department.utf8.count + comment.utf8.count
    }

    /// Texts; whatever is not given is empty.
    public init(
        name: String = "", surname: String = "", patronymic: String = "", department: String = "",
        comment: String = ""
    ) {
        self.name = name
        self.surname = surname
        self.patronymic = patronymic
        self.department = department
        self.comment = comment
    }
}

/// How a client names a person: by the server's UUID, or by an id of its own.
public enum PersonKey: Sendable, Hashable {
    /// The server's key.
    case id(UUID)
    /// An id that the client chose, compared as text.
    case external(String)
}
