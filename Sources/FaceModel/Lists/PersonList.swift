public import Foundation

/// A list of persons as an account sees it; behind it is a gallery.
public struct PersonList: Sendable, Hashable {
    /// What the account calls it; default lists of all accounts have the same id.
    public var id: UUID
    /// Where its persons are.
    public var gallery: UUID
    /// Its name.
    public var name: String
    /// When it was made.
    public var createdAt: Date

    /// A list from its parts.
    public init(id: UUID, gallery: UUID, name: String, createdAt: Date) {
        self.id = id
        self.gallery = gallery
        self.name = name
        self.createdAt = createdAt
    }
}
