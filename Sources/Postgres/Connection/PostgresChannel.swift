internal import CLibPQ
internal import Glibc

/// What a connection does with libpq: send without blocking, wait with a limit, read the answer.
///
/// Every wait is a `poll` with a limit, so that a server that stops answering is noticed.
/// Sendable for the reason of ``PostgresConnection``, its only owner.
@safe final class PostgresChannel: @unchecked Sendable {
    let handle: OpaquePointer
    var statements: StatementCache
    /// How long a single answer may take; `nil` waits for ever.
    var patience: Duration?
    private let limits: (statement: Duration, lock: Duration)
    private var isBroken = false

    init(_ configuration: PostgresConfiguration, preparedStatements: Int) throws(PostgresError) {
        // Later values win and those inside the connection string are expanded in its place: ours are defaults.
        let options: [(String, String)] = [
            ("connect_timeout", "\(configuration.connectTimeoutSeconds)"), ("keepalives_idle", "5"),
            ("keepalives_interval", "2"), ("keepalives_count", "3"), ("tcp_user_timeout", "5000"),
            ("application_name", configuration.applicationName), ("dbname", configuration.connectionString),
            ("client_encoding", "UTF8"),
        ]
        let opened = unsafe Self.withCStrings(options.map(\.0)) { keys in
            unsafe Self.withCStrings(options.map(\.1)) { values in unsafe PQconnectdbParams(keys, values, 1) }
        }
        guard let handle = unsafe opened else { throw .connectionFailed("out of memory") }
        unsafe self.handle = unsafe handle
        statements = StatementCache(capacity: preparedStatements)
        limits = (configuration.statementTimeout, configuration.lockTimeout)
        patience = configuration.statementTimeout + configuration.silenceTimeout
        guard unsafe PQstatus(handle) == CONNECTION_OK else {
            let message = Self.oneLine(unsafe String(cString: PQerrorMessage(handle)))
            throw .connectionFailed(ConnectionSecrets(configuration.connectionString).redacted(message))
        }
        unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
        unsafe PQsetnonblocking(handle, 1)
        try resetLimits()
        let idle = (limits.statement + limits.lock).milliseconds
        _ = try simple("SET idle_in_transaction_session_timeout = \(idle); SET client_min_messages = warning")
    }

    deinit { unsafe PQfinish(handle) }

    var isUsable: Bool {
        !isBroken && (unsafe PQstatus(handle)) == CONNECTION_OK
            && (unsafe PQtransactionStatus(handle)) == PQTRANS_IDLE
    }

    func isAlive() -> Bool {
        // An idle connection has nothing to read, except the server's last word before it closes.
        for _ in 0..<8 {
            guard isUsable else { return false }
            guard let events = wait(for: Int16(POLLIN), atMost: .zero), events != 0 else { return isUsable }
            guard unsafe PQconsumeInput(handle) == 1 else { return false }
            _ = unsafe PQisBusy(handle)
        }
        return false
    }

    func query(_ sql: String, _ parameters: ParameterList) throws(PostgresError) -> PostgresResult {
        let name = try prepared(StatementCache.Key(sql: sql, types: parameters.types))
        let sent = unsafe parameters.withPointers { values, lengths, formats in
            unsafe PQsendQueryPrepared(handle, name, Int32(parameters.count), values, lengths, formats, 1)
        }
        try checkSent(sent)
        return try lastResult()
    }

    func simple(_ sql: String) throws(PostgresError) -> PostgresResult {
        guard !sql.utf8.contains(0) else { throw .textContainsNUL }
        try checkSent(unsafe PQsendQuery(handle, sql))
        return try lastResult()
    }

    /// Puts the limits of the configuration back.
    func resetLimits() throws(PostgresError) {
        try setLimits(statement: limits.statement, lock: limits.lock)
    }

    /// Sets how long the server works on a statement and waits for a lock; zero is without limit.
    func setLimits(statement: Duration, lock: Duration) throws(PostgresError) {
        _ = try simple(
            "SET statement_timeout = \(statement.milliseconds); SET lock_timeout = \(lock.milliseconds)")
    }

    private func prepared(_ key: StatementCache.Key) throws(PostgresError) -> String {
        if let name = statements.name(for: key) { return name }
        let name = statements.makeName()
        try checkSent(
            unsafe key.types.withUnsafeBufferPointer { types in
                unsafe PQsendPrepare(handle, name, key.sql, Int32(types.count), types.baseAddress)
            })
        _ = try lastResult()
        if let evicted = statements.insert(name, for: key) { _ = try simple("DEALLOCATE \(evicted)") }
        return name
    }

    // MARK: Sending

    func checkSent(_ result: Int32) throws(PostgresError) {
        guard result == 1 else { throw lost() }
    }

    /// Hands everything to the socket.
    ///
    /// A server that cannot read because it waits for us to read is read from.
    func flush() throws(PostgresError) {
        let deadline = patience.map { ContinuousClock.now + $0 }
        while true {
            switch unsafe PQflush(handle) {
            case 0: return
            case 1:
                try waitOrLose(for: Int16(POLLIN | POLLOUT), until: deadline) { events in
                    guard events & Int16(POLLIN) != 0 else { return true }
                    return unsafe PQconsumeInput(handle) == 1
                }
            default: throw lost()
            }
        }
    }

    // MARK: Receiving

    /// Reads all results of what was sent; the last one counts, and the first error wins.
    func lastResult() throws(PostgresError) -> PostgresResult {
        try flush()
        var last: OpaquePointer?
        var failure: PostgresError?
        while let result = unsafe try nextResult() {
            switch unsafe PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
                if let last = unsafe last { unsafe PQclear(last) }
                unsafe last = unsafe result
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                unsafe PQclear(result)
                if let last = unsafe last { unsafe PQclear(last) }
                // No more results come before the copy is done, and it never will be.
                isBroken = true
                throw .unexpectedAnswer("COPY in a plain statement")
            default:
                if failure == nil { failure = unsafe Self.error(of: result) }
                unsafe PQclear(result)
            }
        }
        if let failure {
            if let last = unsafe last { unsafe PQclear(last) }
            throw failure.isConnectionLoss ? lost() : failure
        }
        guard let last = unsafe last else { throw lost() }
        return unsafe PostgresResult(taking: last)
    }

    /// The next result of what was sent, or `nil` after the last one.
    func nextResult() throws(PostgresError) -> OpaquePointer? {
        let deadline = patience.map { ContinuousClock.now + $0 }
        while unsafe PQisBusy(handle) == 1 { try receive(until: deadline) }
        return unsafe PQgetResult(handle)
    }

    /// Waits for bytes and takes them in.
    func receive(until deadline: ContinuousClock.Instant?) throws(PostgresError) {
        try waitOrLose(for: Int16(POLLIN), until: deadline) { _ in
            // At the end of the stream libpq keeps a last error message of the server for the result.
            unsafe PQconsumeInput(handle) == 1 || PQisBusy(handle) == 0
        }
    }

    private func waitOrLose(
        for events: Int16, until deadline: ContinuousClock.Instant?, then proceed: (Int16) -> Bool
    ) throws(PostgresError) {
        let limit = deadline.map { max(.zero, $0 - .now) }
        guard let ready = wait(for: events, atMost: limit), ready != 0, proceed(ready) else { throw lost() }
    }

    /// The events that happened, 0 when none did in time, `nil` when the socket is gone.
    private func wait(for events: Int16, atMost limit: Duration?) -> Int16? {
        let descriptor = unsafe PQsocket(handle)
        guard descriptor >= 0 else { return nil }
        let deadline = limit.map { ContinuousClock.now + $0 }
        while true {
            var entry = pollfd(fd: descriptor, events: events, revents: 0)
            // Rounded up, so that the last fraction of a millisecond is not spent turning round.
            let milliseconds = deadline.map { Int32(clamping: max(.zero, $0 - .now).milliseconds + 1) } ?? -1
            let count = unsafe poll(&entry, 1, limit == .zero ? 0 : milliseconds)
            if count > 0 {
                let interesting = Int16(POLLIN | POLLHUP | POLLERR)
                return entry.revents & interesting != 0 ? entry.revents | Int16(POLLIN) : entry.revents
            }
            if count == 0 { return 0 }
            guard errno == EINTR else { return nil }
        }
    }

    // MARK: Failing

    /// Remembers that the connection is of no more use.
    func lost() -> PostgresError {
        isBroken = true
        return .connectionLost
    }

    static func error(of result: OpaquePointer) -> PostgresError {
        func field(_ code: Int) -> String? {
            unsafe PQresultErrorField(result, Int32(code)).map { unsafe String(cString: $0) }
        }
        // libpq makes results of its own when the connection breaks; they have no state.
        guard let code = field(CLIBPQ_DIAG_SQLSTATE) else { return .connectionLost }
        let state = SQLState(code)
        // Messages of these classes name objects and resources; those of others may quote values.
        let quotesNoValue = ["0A", "25", "28", "3D", "42", "53", "55", "57", "58"].contains(state.conditionClass)
        return .statementFailed(
            state,
            PostgresDiagnostics(
                constraint: field(CLIBPQ_DIAG_CONSTRAINT_NAME),
                message: quotesNoValue ? field(CLIBPQ_DIAG_MESSAGE_PRIMARY) : nil))
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { $0.trimmingPrefix(while: \.isWhitespace) }.joined(separator: " ")
    }

    private static func withCStrings<R>(
        _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R
    ) -> R {
        let copies = unsafe strings.map { unsafe strdup($0) }
        defer { unsafe copies.forEach { unsafe free($0) } }
        let pointers = unsafe copies.map { unsafe UnsafePointer($0) } + [nil]
        return unsafe pointers.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("the list ends with nil") }
            return unsafe body(base)
        }
    }
}
