public import Foundation

/// One captured face of one pass in front of a camera: a row of the recognition log.
///
/// It is a snapshot. What happens to persons and cameras later does not change it.
public struct Pass: Sendable, Hashable, Identifiable {
    /// The id of the pass and of the captured picture.
    public let id: UUID
    /// The camera, as clients name it.
    public var cameraID: String
    /// The camera's name at that moment.
    public var cameraName: String
    /// When the face was captured; whole milliseconds.
    public var capturedAt: Date
    /// Age and gender; `nil` where nothing was estimated.
    public var attributes: FaceAttributes?
    /// How well the face can be recognised, 0…1.
    public var quality: Float
    /// The unit vector of the captured face.
    public var embedding: Embedding
    /// The model that made it.
    public var model: ModelFingerprint
    /// Who was most alike at that moment, highest similarity first; empty when nobody was recognised.
    public var hits: [PassHit]

    /// A pass from its parts.
    public init(
        id: UUID, cameraID: String, cameraName: String, capturedAt: Date, attributes: FaceAttributes?, quality: Float,
        embedding: Embedding, model: ModelFingerprint, hits: [PassHit]
    ) {
        self.id = id
        self.cameraID = cameraID
        self.cameraName = cameraName
        self.capturedAt = capturedAt
        self.attributes = attributes
        self.quality = quality
        self.embedding = embedding
        self.model = model
        self.hits = hits
    }
}

/// A person as it was when a pass was recognised.
public struct PassHit: Sendable, Hashable {
    /// The person.
    public var personID: UUID
    /// The id that a client chose for the person, if any.
    public var externalID: String?
    /// The reference photo.
    public var imageID: UUID
    /// The number of the platform user tied to the person, if any.
    public var platformUserID: Int?
    /// The similarity 0…1.
    public var similarity: Double
    /// When the reference photo entered the database.
    public var addedAt: Date
    /// The person's texts.
    public var texts: PersonTexts

    /// A hit from its parts.
    public init(
        personID: UUID, externalID: String?, imageID: UUID, platformUserID: Int?, similarity: Double, addedAt: Date,
        texts: PersonTexts
    ) {
        self.personID = personID
        self.externalID = externalID
        self.imageID = imageID
        self.platformUserID = platformUserID
        self.similarity = similarity
        self.addedAt = addedAt
        self.texts = texts
    }

    /// A hit that copies a person.
    public init(_ person: Person, similarity: Double) {
        self.init(
            personID: person.id, externalID: person.externalID, imageID: person.imageID,
            platformUserID: person.platformUserID, similarity: similarity, addedAt: person.createdAt,
            texts: person.texts)
    }
}
