public import Postgres

/// Why nobody can say at the moment whether a password is right.
public enum LoginError: Error, Sendable, CustomStringConvertible {
    /// The database cannot be asked.
    case store(PostgresError)
    /// Too many passwords wait to be checked.
    case tooMany

    /// One line for people.
    public var description: String {
        switch self {
        case .store(let error): "\(error)"
        case .tooMany: "too many logins at the moment"
        }
    }
}
