/// PostgreSQL's five-character code of a condition (SQLSTATE).
public struct SQLState: Sendable, Hashable, CustomStringConvertible {
    /// The five characters, such as `23505`.
    public let code: String

    /// A state from its five characters.
    public init(_ code: String) {
        self.code = code
    }

    /// The code.
    public var description: String { code }

    /// The first two characters: the class of the condition.
    public var conditionClass: String { String(code.prefix(2)) }

    /// A row with the same unique key exists.
    public static let uniqueViolation = SQLState("23505")
    /// A row refers to a row that is missing.
    public static let foreignKeyViolation = SQLState("23503")
    /// A column that must have a value has none.
    public static let notNullViolation = SQLState("23502")
    /// A row breaks a check.
    public static let checkViolation = SQLState("23514")
    /// Two transactions waited for each other and this one gave way.
    public static let deadlockDetected = SQLState("40P01")
    /// Two serialisable transactions collided and this one gave way.
    public static let serializationFailure = SQLState("40001")
    /// The statement ran longer than its time limit or was cancelled by a user.
    public static let queryCanceled = SQLState("57014")
    /// A lock was not to be had within its time limit.
    public static let lockNotAvailable = SQLState("55P03")
    /// An administrator ended the session, as a shutdown does.
    public static let adminShutdown = SQLState("57P01")
    /// Another session crashed and the server restarts all of them.
    public static let crashShutdown = SQLState("57P02")
    /// The server is starting up or shutting down.
    public static let cannotConnectNow = SQLState("57P03")
    /// The database was dropped under the session.
    public static let databaseDropped = SQLState("57P04")
    /// A transaction was left open without work for too long, and its session was ended.
    public static let idleInTransactionTimeout = SQLState("25P03")
    /// The transaction failed earlier; only a rollback is possible.
    public static let inFailedTransaction = SQLState("25P02")
    /// All connection slots are taken.
    public static let tooManyConnections = SQLState("53300")
    /// The disk is full.
    public static let diskFull = SQLState("53100")
    /// A table of that name does not exist.
    public static let undefinedTable = SQLState("42P01")
    /// A database of that name exists.
    public static let duplicateDatabase = SQLState("42P04")
    /// A statement cannot be read.
    public static let syntaxError = SQLState("42601")
    /// A bytes sequence is no text in the database's encoding (a NUL, for example).
    public static let characterNotInRepertoire = SQLState("22021")
    /// A JSON text holds a character that a text cannot hold (`\u0000`).
    public static let untranslatableCharacter = SQLState("22P05")
    /// A text is no value of its type: JSON that is none, for example.
    public static let invalidText = SQLState("22P02")
    /// A text is longer than its column.
    public static let stringTooLong = SQLState("22001")
    /// A number lies outside of its type.
    public static let numberOutOfRange = SQLState("22003")
    /// A time lies outside of the calendar.
    public static let timeOutOfRange = SQLState("22008")

    /// Whether a server that says so has ended the session.
    public var endsSession: Bool {
        switch self {
        case .adminShutdown, .crashShutdown, .cannotConnectNow, .databaseDropped, .idleInTransactionTimeout: true
        default: conditionClass == "08"
        }
    }

    /// Whether the same transaction may succeed when it is run once more.
    public var isTransient: Bool { self == .deadlockDetected || self == .serializationFailure }
}
