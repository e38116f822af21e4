public import FaceModel
public import Foundation

/// Collections that are known by name, each with persons of its own who have one face.
public protocol NamedCollectionService: Sendable {
    /// Adds a collection.
    ///
    /// - Throws: ``CollectionError/nameTaken``.
    func addNamedCollection(_ name: String) async throws(CollectionError) -> NamedCollection

    /// The collection with a name.
    ///
    /// - Throws: ``CollectionError/unknownCollection``.
    func namedCollection(_ name: String) async throws(CollectionError) -> NamedCollection

    /// All collections by name.
    func namedCollections() async throws(CollectionError) -> [NamedCollection]

    /// Deletes a collection with all its persons.
    ///
    /// - Returns: the collection as it was.
    /// - Throws: ``CollectionError/unknownCollection``.
    func removeNamedCollection(_ name: String) async throws(CollectionError) -> NamedCollection

    /// Adds a person, or replaces the one with the same id.
    ///
    /// When the call returns the person is durable and is found by the next search.
    ///
    /// - Throws: ``CollectionError/similarPerson``, and what analysis says about the picture.
    func enrol(
        _ enrolment: NamedEnrolment, in collection: NamedCollection
    ) async throws(CollectionError) -> NamedCollectionMember

    /// The person with an id.
    func member(_ id: String, of collection: NamedCollection) async throws(CollectionError) -> NamedCollectionMember

    /// The persons with these keys in any collection, by key.
    func members(_ ids: [UUID]) async throws(CollectionError) -> [UUID: NamedCollectionMember]

    /// A part of a collection's persons, newest first.
    func members(
        of collection: NamedCollection, offset: Int, limit: Int
    ) async throws(CollectionError) -> ListPage<NamedCollectionMember>

    /// Deletes a person.
    func removeMember(_ id: String, of collection: NamedCollection) async throws(CollectionError)

    /// What is kept of the pictures of some persons: the whole picture, or else the aligned face; JPEG files by face.
    func keptPictures(of faces: [UUID]) async throws(CollectionError) -> [UUID: [UInt8]]
}

/// A person as a collection's client enrols them.
public struct NamedEnrolment: Sendable {
    /// The id; that of a person of the collection replaces the person.
    public var id: String
    /// The name.
    public var name: String
    /// A photo that shows one face.
    public var picture: [UInt8]
    /// What is kept of the photo.
    public var storage: PictureStorage
    /// The cosine from which a face of the collection is too similar; `nil`: nobody looks.
    public var duplicateCosine: Double?
    /// One JSON object as the client wrote it.
    public var metadata: String

    /// An enrolment from its parts.
    public init(
        id: String, name: String, picture: [UInt8], storage: PictureStorage, duplicateCosine: Double?,
        metadata: String
    ) {
        self.id = id
        self.name = name
        self.picture = picture
        self.storage = storage
        self.duplicateCosine = duplicateCosine
        self.metadata = metadata
    }
}
