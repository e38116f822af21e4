/// Why something could not be done in PostgreSQL.
///
/// No case carries values of a statement.
public enum PostgresError: Error, Sendable, Hashable {
    /// No connection could be made; the text is libpq's and names host and database, never a password.
    case connectionFailed(String)
    /// The connection broke. In a transaction nothing was committed; a lone statement may have been carried out.
    case connectionLost
    /// The connection broke while COMMIT was under way: whether the work is stored cannot be known.
    case commitUnknown
    /// No connection became free within the time limit of the pool, or there are too many waiting already.
    case noConnection
    /// The server refused the statement.
    case statementFailed(SQLState, PostgresDiagnostics)
    /// COMMIT found a transaction that had failed earlier and was rolled back.
    case transactionRolledBack
    /// A text holds the NUL character, which PostgreSQL cannot store. Nothing was sent.
    case textContainsNUL
    /// A value of the result cannot be read as the type that is asked for.
    case decodingFailed(column: String, reason: String)
    /// The server's answer is of another kind than the call expects: rows where none are possible, for example.
    case unexpectedAnswer(String)
    /// The migrations folder and the database do not fit together.
    case migrationFailed(String)
    /// The private server cannot be set up, started or stopped.
    case serverFailed(String)
    /// Another server has claimed the database.
    case databaseInUse
    /// Another process holds the data directory.
    case dataDirectoryInUse(String)
    /// The calling task was cancelled before the work began.
    case cancelled
    /// The pool is shut down.
    case closed
}

extension PostgresError {
    /// Whether the connection is gone and another one may do better.
    public var isConnectionLoss: Bool {
        switch self {
        case .connectionLost, .commitUnknown: true
        case .statementFailed(let state, _): state.endsSession
        default: false
        }
    }

    /// Whether PostgreSQL cannot be used at the moment; the same call may succeed later.
    public var isUnavailability: Bool {
        switch self {
        case .connectionFailed, .connectionLost, .commitUnknown, .noConnection, .closed: true
        case .statementFailed(let state, _):
            state.endsSession || state == .queryCanceled || ["53", "58"].contains(state.conditionClass)
        default: false
        }
    }

    /// Whether the work may be stored although the call failed.
    public var mayHaveCommitted: Bool { self == .commitUnknown }
}

extension PostgresError: CustomStringConvertible {
    /// One line for a log; it never quotes data.
    public var description: String {
        switch self {
        case .connectionFailed(let text): "PostgreSQL cannot be reached: \(text)"
        case .connectionLost: "the connection to PostgreSQL was lost"
        case .commitUnknown: "the connection to PostgreSQL was lost during COMMIT"
        case .noConnection: "no connection to PostgreSQL became free in time"
        case .statementFailed(let state, let facts):
            (["PostgreSQL refused a statement (SQLSTATE \(state.code))"]
                + [facts.constraint.map { "constraint \($0)" }, facts.message].compactMap(\.self))
                .joined(separator: ", ")
        case .transactionRolledBack: "the transaction had failed earlier and was rolled back"
        case .textContainsNUL: "a text holds the NUL character"
        case .decodingFailed(let column, let reason): "column \(column) cannot be read: \(reason)"
        case .unexpectedAnswer(let text): "unexpected answer of PostgreSQL: \(text)"
        case .migrationFailed(let text): "migration: \(text)"
        case .serverFailed(let text): "private PostgreSQL: \(text)"
        case .databaseInUse: "another server works with this database; stop it, or give this one a database of its own"
        case .dataDirectoryInUse(let path): "another process uses the data directory \(path)"
        case .cancelled: "cancelled"
        case .closed: "the connection pool is closed"
        }
    }
}
