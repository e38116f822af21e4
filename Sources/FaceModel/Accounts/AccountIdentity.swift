public import Foundation

/// Who a login belongs to.
public struct AccountIdentity: Sendable, Hashable {
    /// The account's id.
    public let id: UUID
    /// The login.
    public let login: String
    /// The gallery behind the account's default list.
    public let gallery: UUID
    /// How far the account may go.
    public let role: AccountRole

    /// An identity from its parts.
    public init(id: UUID, login: String, gallery: UUID, role: AccountRole) {
        self.id = id
        self.login = login
        self.gallery = gallery
        self.role = role
    }
}
