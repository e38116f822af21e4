public import FaceModel
public import Foundation

/// What is stored of a new person, or of a person that is replaced: all but the counters.
public struct PersonRecord: Sendable {
    /// The key: a UUID of the person, or the id that a client chose.
    public var key: PersonKey
    /// The UUID of a person that is new under an external id; unused where `key` is a UUID.
    public var newID: UUID
    /// The text fields.
    public var texts: PersonTexts
    /// Whether the server added the person by itself.
    public var autoCreated: Bool
    /// The time of addition; whole milliseconds.
    public var createdAt: Date
    /// Whether the person gets a platform user's number, unless there is one already.
    public var isPlatformUser: Bool
    /// One JSON object; `nil` keeps the object of a replaced person and is empty for a new one.
    public var attributes: String?

    /// A record from its parts.
    public init(
        key: PersonKey, newID: UUID = UUID(), texts: PersonTexts, autoCreated: Bool = false, createdAt: Date,
        isPlatformUser: Bool = false, attributes: String? = nil
    ) {
        self.key = key
        self.newID = newID
        self.texts = texts
        self.autoCreated = autoCreated
        self.createdAt = createdAt
        self.isPlatformUser = isPlatformUser
        self.attributes = attributes
    }
}
