public import FaceModel
public import Foundation

/// The use cases of dialects with accounts, person lists and sources.
///
/// An account's lists, groups and sources have ids of the account's own; persons are found by the gallery of their list.
public protocol ListService: FaceEngine {
    /// A fresh id that tells a time.
    func newID() throws(RecognitionError) -> UUID

    /// What time it is, in whole milliseconds.
    func currentTime() throws(RecognitionError) -> Date

    /// The source groups of an account, oldest first, without the default one.
    func groups(of account: UUID) async throws(RecognitionError) -> [SourceGroup]

    /// Adds a group; ``RecognitionError/alreadyExists`` when the name is taken.
    func add(_ group: SourceGroup, to account: UUID) async throws(RecognitionError)

    /// Changes a group or, where `isDefault`, stores the changed default group.
    ///
    /// - Returns: whether there is such a group.
    func update(_ group: SourceGroup, of account: UUID) async throws(RecognitionError) -> Bool

    /// Deletes groups with their sources; returns how many there were.
    func removeGroups(_ ids: [UUID], of account: UUID) async throws(RecognitionError) -> Int

    /// The sources of an account, oldest first.
    func sources(of account: UUID) async throws(RecognitionError) -> [Source]

    /// Adds a source to one of the account's groups; returns whether there is such a group, and throws
    /// ``RecognitionError/alreadyExists`` when its id is taken.
    func add(_ source: Source, to account: UUID) async throws(RecognitionError) -> Bool

    /// Changes a source; returns whether there is such a source.
    func update(_ source: Source, of account: UUID) async throws(RecognitionError) -> Bool

    /// Deletes sources; returns how many there were.
    func removeSources(_ ids: [UUID], of account: UUID) async throws(RecognitionError) -> Int

    /// The lists of an account, oldest first, without the default one.
    func lists(of account: UUID) async throws(RecognitionError) -> [PersonList]

    /// Adds a list; ``RecognitionError/alreadyExists`` when its id or name is taken.
    func addList(_ id: UUID, named name: String, to account: UUID) async throws(RecognitionError)

    /// Renames a list; returns whether there is such a list, and throws ``RecognitionError/alreadyExists`` when another
    /// one has the name.
    func renameList(_ id: UUID, of account: UUID, to name: String) async throws(RecognitionError) -> Bool

    /// Deletes a list with its persons.
    func remove(_ list: PersonList, of account: UUID) async throws(RecognitionError)

    /// How many persons a gallery has; costs nothing.
    func personCount(in gallery: UUID) async throws(RecognitionError) -> Int

    /// Persons of a gallery in the order of their addition, behind a place.
    func listedPersons(
        of gallery: UUID, after place: ListPlace?, limit: Int
    ) async throws(RecognitionError) -> [(person: ListedPerson, place: ListPlace)]

    /// The persons with these ids in any gallery; unknown ids are left out.
    func listedPersons(_ ids: [UUID]) async throws(RecognitionError) -> [UUID: ListedPerson]

    /// The unit vectors of reference faces, by person.
    func embeddings(of persons: [UUID]) async throws(RecognitionError) -> [UUID: Embedding]

    /// Gives a person other text fields; ``RecognitionError/unknownPerson`` when the gallery has no such person.
    func setFields(_ fields: [String], of person: UUID, in gallery: UUID) async throws(RecognitionError)

    /// Deletes the photos of a person; the faces stay.
    func dropPictures(of person: UUID, in gallery: UUID) async throws(RecognitionError)

    /// Moves a person to another gallery; ``RecognitionError/unknownPerson`` when it is not in the first one.
    func move(_ person: UUID, from gallery: UUID, to target: UUID) async throws(RecognitionError)

    /// Deletes persons.
    ///
    /// - Returns: those that there were.
    func removePersons(_ ids: [UUID], from gallery: UUID) async throws(RecognitionError) -> [UUID]

    /// Compares faces with a list and stores what the rule wants, face by face: each is compared with those before it.
    func enrol(
        _ faces: [ProbeFace], into gallery: UUID, by rule: EnrolmentRule, as enrolment: ListEnrolment
    ) async throws(RecognitionError) -> [ListOutcome]

    /// Puts the mean of embeddings in the place of a person's reference embedding.
    ///
    /// - Parameter keepsOld: whether the stored embedding counts, as often as it has embeddings in it.
    /// - Returns: the new embedding; ``RecognitionError/unknownPerson`` when the gallery has no such person.
    func fuse(
        _ embeddings: [Embedding], into person: UUID, of gallery: UUID, keepsOld: Bool
    ) async throws(RecognitionError) -> Embedding

    /// Writes down that a picture was searched; `nil` for `picture` keeps none.
    func record(_ action: ListAction, picture: [UInt8]?) async throws(RecognitionError)

    /// The kept picture of a face of any gallery: whoever asks must have been told of it.
    func picture(_ id: UUID) async throws(RecognitionError) -> StoredImage?
}

/// When a face becomes a person of a list.
public struct EnrolmentRule: Sendable, Hashable {
    /// From which cosine on a face is a known person.
    public var knownCosine: Double
    /// Whether anything is stored.
    public var enrols: Bool
    /// Whether a known person's face is replaced by the new one.
    public var replacesKnown: Bool
    /// The smallest length of the larger side of a face's box, in pixels.
    public var minimumSide: Double
    /// The largest turn to the side, in degrees.
    public var maximumYaw: Double
    /// The largest nod, in degrees; `nil`: any.
    public var maximumPitch: Double?

    /// A rule from its parts.
    public init(
        knownCosine: Double, enrols: Bool, replacesKnown: Bool, minimumSide: Double, maximumYaw: Double,
        maximumPitch: Double? = nil
    ) {
        self.knownCosine = knownCosine
        self.enrols = enrols
        self.replacesKnown = replacesKnown
        self.minimumSide = minimumSide
        self.maximumYaw = maximumYaw
        self.maximumPitch = maximumPitch
    }

    /// Whether a face is large and straight enough to be stored.
    ///
    /// - Parameter pose: how the head is turned, where somebody knows better than the face itself.
    func accepts(_ face: DetectedFace?, pose: (yaw: Double?, pitch: Double?)) -> Bool {
        if let box = face?.box, Double(max(box.width, box.height)) < minimumSide { return false }
        let yaw = pose.yaw ?? face.map { Double($0.pose.yaw) } ?? 0
        let pitch = pose.pitch ?? face.map { Double($0.pose.pitch) } ?? 0
        return abs(yaw) <= maximumYaw && abs(pitch) <= maximumPitch ?? .infinity
    }
}

/// What is stored of the faces that become persons.
public struct ListEnrolment: Sendable {
    /// The picture that shows the faces; `nil` where none is kept, or there is none.
    public var picture: [UInt8]?
    /// Whether it shows other faces, too: then each person keeps the own part of it only.
    public var isGroupPicture: Bool
    /// The group to write down.
    public var group: UUID
    /// The source to write down.
    public var source: UUID
    /// The text fields; `nil` leaves those of a known person as they are.
    public var fields: [String]?
    /// Whose face is replaced, whoever the face is like.
    public var replacedPerson: UUID?
    /// Whether the estimated age is kept.
    public var keepsAge = false
    /// Whether the estimated gender is kept.
    public var keepsGender = false
    /// How the heads are turned, in degrees, where the client knows better.
    public var yaw: Double?
    /// How the heads nod, in degrees, where the client knows better.
    public var pitch: Double?

    /// An enrolment from its parts.
    public init(
        picture: [UInt8]?, isGroupPicture: Bool = false, group: UUID, source: UUID, fields: [String]? = nil,
        replacedPerson: UUID? = nil, yaw: Double? = nil, pitch: Double? = nil
    ) {
        self.picture = picture
        self.isGroupPicture = isGroupPicture
        self.group = group
        self.source = source
        self.fields = fields
        self.replacedPerson = replacedPerson
        self.yaw = yaw
        self.pitch = pitch
    }
}

/// What became of one face.
public struct ListOutcome: Sendable {
    /// Known persons that the face is like, best first; empty for a stranger.
    public let matches: [FaceMatch]
    /// The person that was added or got a new face.
    public let stored: ListedPerson?
    /// Whether the person is new.
    public let isNew: Bool
}
