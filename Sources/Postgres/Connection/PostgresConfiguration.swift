/// How to reach a database, and how long to wait for it.
public struct PostgresConfiguration: Sendable {
    /// A connection URI (`postgresql://…`) or keywords and values (`host=… dbname=…`), as libpq reads them.
    ///
    /// It may hold a password and is never logged.
    public var connectionString: String
    /// The longest time for making a connection, in whole seconds; libpq rounds 1 up to 2.
    public var connectTimeoutSeconds: Int
    /// How long the server works on one statement before it gives up.
    public var statementTimeout: Duration
    /// How long a statement waits for a lock.
    public var lockTimeout: Duration
    /// How long a connection may stay silent beyond `statementTimeout` before it counts as lost.
    public var silenceTimeout: Duration
    /// The name that the server shows for these connections.
    public var applicationName: String

    /// A configuration; every limit has a default.
    public init(
        _ connectionString: String, connectTimeoutSeconds: Int = 2, statementTimeout: Duration = .seconds(20),
        lockTimeout: Duration = .seconds(10), silenceTimeout: Duration = .seconds(3),
        applicationName: String = "firserver"
    ) {
        self.connectionString = connectionString
        self.connectTimeoutSeconds = connectTimeoutSeconds
        self.statementTimeout = statementTimeout
        self.lockTimeout = lockTimeout
        self.silenceTimeout = silenceTimeout
        self.applicationName = applicationName
    }
}

extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible {
    /// The name of the application, without the connection string and the password in it.
    public var description: String { "PostgresConfiguration(\(applicationName))" }
    /// The same as ``description``.
    public var debugDescription: String { description }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int { Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
