/// How far somebody may go; each level includes those before it.
public enum AccessLevel: Int, Sendable, Hashable, Comparable {
    /// Reads and searches.
    case reading
    /// Changes what is kept.
    case changing
    /// Everything.
    case everything

    /// Whether the first level is less.
    public static func < (one: AccessLevel, other: AccessLevel) -> Bool { one.rawValue < other.rawValue }
}

/// What a login with a password is worth.
public enum CredentialStanding: Sendable, Hashable {
    /// Nobody has this login, or the password is another one.
    case unknown
    /// The account has no business here.
    case excluded
    /// The account may go so far.
    case admitted(AccessLevel)
}

/// Who says what a login with a password is worth.
public protocol CredentialChecker: Sendable {
    /// What the login may do if this is its password.
    ///
    /// - Parameter address: where whoever says so calls from, if that is known.
    /// - Throws: when nobody can tell at the moment; a ``RequestFailure`` says why.
    func standing(login: String, password: String, from address: String?) async throws -> CredentialStanding
}
