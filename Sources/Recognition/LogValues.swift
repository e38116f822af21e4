public import FaceModel
public import Foundation

/// A pass whose face is like a probe.
public struct SimilarPass: Sendable {
    /// The pass, which is also its picture.
    public let id: UUID
    /// The camera.
    public let cameraID: String
    /// When the face was captured.
    public let capturedAt: Date
    /// The similarity 0…1.
    public let similarity: Double

    /// What is kept of a pass: of a million similar ones everything would not fit.
    public init(_ pass: Pass, similarity: Double) {
        id = pass.id
        cameraID = pass.cameraID
        capturedAt = pass.capturedAt
        self.similarity = similarity
    }
}

/// One face of a period with all its passes.
public struct Visitor: Sendable {
    /// The first pass.
    public let main: Pass
    /// Other passes, most like the first one first; at most ``mostLikes``.
    public let likes: [Pass]
    /// How many passes there were in all.
    public let passCount: Int
    /// The best match among the persons that were recognised, if any: as the person is now, or, if deleted, as it was.
    public let best: Candidate?

    /// How many other passes are kept.
    public static let mostLikes = 5

    /// A visitor from its parts.
    public init(main: Pass, likes: [Pass], passCount: Int, best: Candidate?) {
        self.main = main
        self.likes = likes
        self.passCount = passCount
        self.best = best
    }
}

/// What became of one face of a frame.
public struct RecordedFace: Sendable {
    /// The row of the log; of a face that was in view already the row that stands for the whole pass.
    public let pass: Pass
    /// Whether the row is new.
    public let isNew: Bool
    /// The person that was added for an unrecognised face, if any.
    public let addedPerson: Person?
    /// What was raised.
    public let events: [PlatformEvent]

    /// A result from its parts.
    public init(pass: Pass, isNew: Bool, addedPerson: Person? = nil, events: [PlatformEvent]) {
        self.pass = pass
        self.isNew = isNew
        self.addedPerson = addedPerson
        self.events = events
    }
}

/// What retention took away.
public struct Sweep: Sendable, Hashable {
    /// Rows of the log, each with its picture.
    public var passes = 0
    /// Events.
    public var events = 0
    /// Persons that the server had added by itself.
    public var persons = 0
    /// Searched pictures of lists.
    public var actions = 0

    /// Nothing.
    public init() {}
}
