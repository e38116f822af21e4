/// One open connection to PostgreSQL.
///
/// Its calls block and belong on a thread that may wait.
///
/// Owning the value owns the socket: it moves, it is never copied, and it closes when it ends.
/// Every call ends within a known time: the statement's own limit and the silence limit of the configuration.
/// Sendable because libpq lets one thread at a time use a connection, and there is only one owner.
public struct PostgresConnection: ~Copyable, @unchecked Sendable {
    let channel: PostgresChannel

    /// Connects, and sets the limits of the configuration.
    ///
    /// - Throws: ``PostgresError/connectionFailed(_:)``.
    public init(_ configuration: PostgresConfiguration, preparedStatements: Int = 256) throws(PostgresError) {
        channel = try PostgresChannel(configuration, preparedStatements: preparedStatements)
    }

    /// Whether the next statement can be sent: connected, and no transaction left open.
    public var isUsable: Bool { channel.isUsable }

    /// Runs a statement with binary parameters and gives its rows.
    ///
    /// The statement is prepared the first time and kept. Its text must be constant; what changes is a parameter
    /// (`$1`, `$2`, …), never part of the text.
    ///
    /// - Throws: ``PostgresError/textContainsNUL`` before anything is sent; ``PostgresError/statementFailed(_:_:)``;
    ///   ``PostgresError/connectionLost``.
    public func query(_ sql: String, _ parameters: any PostgresValue...) throws(PostgresError) -> PostgresResult {
        try channel.query(sql, ParameterList(parameters))
    }

    /// Runs a statement whose rows, if any, are of no interest.
    ///
    /// - Returns: how many rows it touched.
    @discardableResult
    public func execute(_ sql: String, _ parameters: any PostgresValue...) throws(PostgresError) -> Int {
        try channel.query(sql, ParameterList(parameters)).affectedRows
    }

    /// Runs one or more statements without parameters, as migrations and commands like CREATE DATABASE need.
    ///
    /// Several statements are one transaction unless they say otherwise.
    public func runScript(_ sql: String) throws(PostgresError) {
        _ = try channel.simple(sql)
    }

    /// Runs `body` between BEGIN and COMMIT; an error rolls back.
    ///
    /// - Throws: whatever `body` throws; ``PostgresError/commitUnknown`` when the connection breaks during COMMIT;
    ///   ``PostgresError/transactionRolledBack`` when `body` swallowed the error of a statement.
    @discardableResult
    public func transaction<R>(_ body: () throws(PostgresError) -> R) throws(PostgresError) -> R {
        _ = try channel.simple("BEGIN")
        let result: R
        do throws(PostgresError) {
            result = try body()
        } catch {
            // When this fails too the connection is of no use and its owner drops it; the first error counts.
            if !error.isConnectionLoss { _ = try? channel.simple("ROLLBACK") }
            throw error
        }
        let tag: String
        do throws(PostgresError) {
            tag = try channel.simple("COMMIT").commandTag
        } catch {
            throw error.isConnectionLoss ? .commitUnknown : error
        }
        guard tag == "COMMIT" else { throw .transactionRolledBack }
        return result
    }

    /// Runs `body` without limits for statements and locks, for work over whole tables.
    ///
    /// Meanwhile the connection counts as lost only when the operating system says so. Not for use inside of a
    /// transaction, whose rollback would take the limits back.
    @discardableResult
    public func withoutTimeLimits<R>(_ body: () throws(PostgresError) -> R) throws(PostgresError) -> R {
        try channel.setLimits(statement: .zero, lock: .zero)
        let patience = channel.patience
        channel.patience = nil
        let result: R
        do throws(PostgresError) {
            result = try body()
        } catch {
            channel.patience = patience
            _ = try? channel.resetLimits()
            throw error
        }
        channel.patience = patience
        try channel.resetLimits()
        return result
    }

    /// How many statements are prepared at the moment.
    var preparedStatementCount: Int { channel.statements.count }

    /// Looks, without waiting, whether the server closed this idle connection.
    func isAlive() -> Bool { channel.isAlive() }
}
