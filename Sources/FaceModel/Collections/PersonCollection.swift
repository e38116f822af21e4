public import Foundation

/// A named set of persons of the shared gallery; a person may be in any number of them.
public struct PersonCollection: Sendable, Hashable, Identifiable {
    /// The id, which is also that of the gallery in memory.
    public let id: UUID
    /// The name; no other collection has it.
    public let name: String
    /// What it is for; `nil` where nobody said so.
    public let description: String?
    /// How many persons are in it.
    public let count: Int
    /// When it was made.
    public let createdAt: Date
    /// When it, or who is in it, was changed last.
    public let modifiedAt: Date

    /// A collection from its parts.
    public init(id: UUID, name: String, description: String?, count: Int, createdAt: Date, modifiedAt: Date) {
        self.id = id
        self.name = name
        self.description = description
        self.count = count
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
    }
}
