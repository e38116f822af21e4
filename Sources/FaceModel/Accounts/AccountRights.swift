/// A dialect that lets accounts in.
public enum AccountDialect: String, Sendable, Hashable, CaseIterable {
    /// Face Intellect and Web Server 2.0: the gallery that all dialects share, and the recognition log.
    case faceIntellect = "face-intellect"
    /// Enface and neuro-vision: the lists of the account's own.
    case enface
}

/// How far an account may go; each role may do what those before it may.
public enum AccountRole: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Reads and searches.
    case reader
    /// Changes persons, too.
    case editor
    /// Does everything.
    case admin

    /// Whether the first role may do less.
    public static func < (one: AccountRole, other: AccountRole) -> Bool { one.rank < other.rank }

    private var rank: Int {
        switch self {
        case .reader: 0
        case .editor: 1
        case .admin: 2
        }
    }
}

/// What an account may do.
public struct AccountRights: Sendable, Hashable {
    /// The dialects that let it in.
    public var dialects: Set<AccountDialect>
    /// How far it may go there.
    public var role: AccountRole

    /// Rights from their parts.
    public init(dialects: Set<AccountDialect>, role: AccountRole) {
        self.dialects = dialects
        self.role = role
    }
}
