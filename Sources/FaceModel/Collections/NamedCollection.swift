public import Foundation

/// A set of persons that belong to nobody else: a gallery that is known by its name.
public struct NamedCollection: Sendable, Hashable {
    /// The gallery.
    public let gallery: UUID
    /// The name; no other one has it.
    public let name: String
    /// How many persons are in it.
    public let count: Int

    /// A collection from its parts.
    public init(gallery: UUID, name: String, count: Int) {
        self.gallery = gallery
        self.name = name
        self.count = count
    }
}

/// What is kept of the picture of an enrolled face.
public enum PictureStorage: Sendable, Hashable, CaseIterable {
    /// Nothing.
    case none
    /// The aligned face.
    case thumbnail
    /// The whole picture, and the aligned face.
    case whole
}

/// A person of a named collection.
public struct NamedCollectionMember: Sendable, Hashable {
    /// The person.
    public let person: Person
    /// One JSON object as the client wrote it.
    public let metadata: String

    /// A member from its parts.
    public init(person: Person, metadata: String) {
        self.person = person
        self.metadata = metadata
    }
}
