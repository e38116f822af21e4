public import Foundation

/// A place between two persons of a list, for pages that stay where they are when others come and go.
public struct ListPlace: Sendable, Hashable {
    /// When the person before the place was added.
    public let createdAt: Date
    /// That person's place among those of the same moment.
    public let position: Int

    /// A place from its parts.
    public init(createdAt: Date, position: Int) {
        self.createdAt = createdAt
        self.position = position
    }
}
