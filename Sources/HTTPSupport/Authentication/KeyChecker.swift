/// What a key may do.
public enum KeyStanding: Sendable, Hashable {
    /// Nobody was given such a key.
    case unknown
    /// The key is of no use for the time being.
    case disabled
    /// The key may only look.
    case readOnly
    /// The key may do everything.
    case full
}

/// Who says what a program's key may do.
public protocol KeyChecker: Sendable {
    /// What the key with a secret may do.
    ///
    /// - Throws: when nobody can tell at the moment.
    func standing(of secret: String) async throws -> KeyStanding
}
