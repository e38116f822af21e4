public import FaceModel
public import Foundation

/// Persons of the shared gallery with several pictures each, in any number of collections.
///
/// Persons are named by text: an id that a client chose, or the UUID of a person without one. The persons of every
/// dialect that works on the shared gallery are among them.
public protocol CollectionService: Sendable {
    /// Adds a collection.
    ///
    /// - Throws: ``CollectionError/nameTaken``.
    func addCollection(name: String, description: String?) async throws(CollectionError) -> PersonCollection

    /// Changes a collection.
    ///
    /// - Parameters:
    ///   - name: `nil` leaves it.
    ///   - description: `nil` leaves it, `.some(nil)` takes it away.
    /// - Throws: ``CollectionError/unknownCollection``, ``CollectionError/nameTaken``.
    func changeCollection(
        _ id: UUID, name: String?, description: String??
    ) async throws(CollectionError) -> PersonCollection

    /// Deletes a collection; its persons stay.
    ///
    /// - Throws: ``CollectionError/unknownCollection``.
    func removeCollection(_ id: UUID) async throws(CollectionError)

    /// The collections with these ids, in their order; unknown ones are left out.
    func collections(_ ids: [UUID]) async throws(CollectionError) -> [PersonCollection]

    /// A part of the list of collections by name.
    ///
    /// - Parameter person: only those that this person is in.
    func collections(
        _ window: ListWindow, of person: String?
    ) async throws(CollectionError) -> ListPage<PersonCollection>

    /// Lets persons into a collection and others out of it; unknown persons are passed over.
    ///
    /// - Returns: who came and who went.
    /// - Throws: ``CollectionError/unknownCollection``.
    func changeMembers(
        of collection: UUID, adding: [String], removing: [String]
    ) async throws(CollectionError) -> (added: [String], removed: [String])

    /// Adds a person.
    ///
    /// When the call returns the person is durable and is found by the next search.
    ///
    /// - Parameter pictures: one to ``ProfileDraft/mostPictures``, of the same person; the largest face of each counts.
    func enrol(
        _ draft: ProfileDraft, pictures: [PortraitPicture]
    ) async throws(CollectionError) -> ProfiledPerson

    /// Changes a person.
    func change(_ id: String, _ changes: ProfileChanges) async throws(CollectionError) -> ProfiledPerson

    /// The person with an id.
    func profiledPerson(_ id: String) async throws(CollectionError) -> ProfiledPerson

    /// The persons with these keys, in their order; who is gone is left out.
    func profiledPersons(_ ids: [UUID]) async throws(CollectionError) -> [ProfiledPerson]

    /// A part of the list of persons.
    ///
    /// - Parameter collection: only those in it.
    func profiledPersons(
        in collection: UUID?, by order: PersonOrder, _ window: ListWindow
    ) async throws(CollectionError) -> ListPage<ProfiledPerson>

    /// The pictures of persons, for each of them one to ``ProfileDraft/mostPictures``.
    ///
    /// A person of whom no picture is kept has one that shows nothing.
    func portraits(of persons: [ProfiledPerson]) async throws(CollectionError) -> [UUID: [Portrait]]

    /// Deletes persons of the shared gallery; unknown ids are passed over.
    ///
    /// - Returns: the ids of those that are gone, in the order of the call.
    func removePersons(_ ids: [String]) async throws(CollectionError) -> [String]
}

/// A picture of one person.
public enum PortraitPicture: Sendable, Hashable {
    /// A photo, in which the largest face counts.
    case photo([UInt8])
    /// An aligned face that this server made.
    case crop([UInt8])
}

/// An aligned face of a person.
public struct Portrait: Sendable, Hashable {
    /// The face.
    public let id: UUID
    /// A JPEG file in the size of the embedder's input.
    public let file: [UInt8]

    /// A portrait from its parts.
    public init(id: UUID, file: [UInt8]) {
        self.id = id
        self.file = file
    }
}

/// What is to be known of a new person.
public struct ProfileDraft: Sendable {
    /// How many pictures a person has at most.
    public static let mostPictures = 3
    /// The smallest side of a face in a picture of a person, in pixels.
    public static let smallestFace = 40

    /// The id; `nil` makes a new UUID.
    public var id: String?
    /// The name; `nil`: the id.
    public var name: String?
    /// Free text.
    public var notes: String?
    /// Further facts.
    public var profile: PersonProfile
    /// The collections that the person is to be in.
    public var collections: [UUID]

    /// A draft from its parts.
    public init(
        id: String? = nil, name: String? = nil, notes: String? = nil, profile: PersonProfile = PersonProfile(),
        collections: [UUID] = []
    ) {
        self.id = id
        self.name = name
        self.notes = notes
        self.profile = profile
        self.collections = collections
    }
}

/// What is to be changed of a person; `nil` leaves a field as it is, `.some(nil)` takes a value away.
public struct ProfileChanges: Sendable {
    /// Which pictures go.
    public enum Removal: Sendable, Hashable {
        /// None of them.
        case none
        /// All of them.
        case all
        /// Those of these faces.
        case faces([UUID])
    }

    /// All names in one line.
    public var name: String?
    /// Free text.
    public var notes: String??
    /// The gender.
    public var gender: Gender??
    /// The day of birth, `YYYY-MM-DD`.
    public var dateOfBirth: String??
    /// The nationality.
    public var nationality: String??
    /// The collections that the person is in from now on.
    public var collections: [UUID]?
    /// Pictures that come.
    public var pictures: [PortraitPicture] = []
    /// Pictures that go.
    public var removal = Removal.none

    /// Nothing is changed.
    public init() {}
}
