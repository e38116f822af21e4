public import Foundation

/// A token that stands for an account until it expires; its id is the secret.
public struct AccessToken: Sendable, Hashable {
    /// The secret.
    public let id: UUID
    /// When it stops to work; `nil`: never.
    public let expiresAt: Date?

    /// A token from its parts.
    public init(id: UUID, expiresAt: Date?) {
        self.id = id
        self.expiresAt = expiresAt
    }
}
