public import Foundation

/// One picture that was searched in lists.
public struct ListAction: Sendable, Hashable {
    /// The action's id, which is also that of its picture.
    public let id: UUID
    /// Who asked.
    public let account: UUID
    /// The group whose settings applied.
    public let group: UUID
    /// The source whose settings applied.
    public let source: UUID
    /// How many faces were searched.
    public let faces: Int
    /// How many of them somebody was found for.
    public let knownFaces: Int
    /// How many persons were added.
    public let addedPersons: Int
    /// When it was.
    public let createdAt: Date

    /// An action from its parts.
    public init(
        id: UUID, account: UUID, group: UUID, source: UUID, faces: Int, knownFaces: Int, addedPersons: Int,
        createdAt: Date
    ) {
        self.id = id
        self.account = account
        self.group = group
        self.source = source
        self.faces = faces
        self.knownFaces = knownFaces
        self.addedPersons = addedPersons
        self.createdAt = createdAt
    }
}
