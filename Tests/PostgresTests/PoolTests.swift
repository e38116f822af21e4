import Foundation
import Glibc
import Postgres
import TestKit
import Testing

@Suite struct PoolTests {
    @Test func `many callers share few connections`() async throws {
        try await TestDatabase.with(isMigrated: false, connections: 3) { database in
            let processes = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<300 {
                    group.addTask {
                        try await database.pool.read { connection throws(PostgresError) in
                            try connection.query("SELECT pg_backend_pid() FROM pg_sleep(0.001)").scalar(Int.self)
                        }
                    }
                }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(processes.count <= 3)
        }
    }

    @Test func `nobody waits for ever for a connection`() async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            let pool = PostgresPool(database.configuration, size: 1, waitingTimeout: .milliseconds(150))
            async let long: Int = pool.read { connection throws(PostgresError) in
                try connection.execute("SELECT pg_sleep(3)")
            }
            try await Task.sleep(for: .milliseconds(100))
            let start = ContinuousClock.now
            await #expect(throws: PostgresError.noConnection) {
                try await pool.read { connection throws(PostgresError) in try connection.execute("SELECT 1") }
            }
            #expect(ContinuousClock.now - start < .milliseconds(2500))
            _ = try await long
            _ = try await pool.read { connection throws(PostgresError) in try connection.execute("SELECT 1") }
            await pool.close()
        }
    }

    @Test func `cancelled callers leak no connection`() async throws {
        try await TestDatabase.with(isMigrated: false, connections: 2) { database in
            for _ in 0..<20 {
                let tasks = (0..<10).map { _ in
                    Task {
                        try await database.pool.read { connection throws(PostgresError) in
                            try connection.execute("SELECT pg_sleep(0.005)")
                        }
                    }
                }
                try await Task.sleep(for: .milliseconds(2))
                for task in tasks { task.cancel() }
                for task in tasks {
                    if case .failure(let error) = await task.result { #expect(error as? PostgresError == .cancelled) }
                }
            }
            // Both connections are there: two callers meet.
            let meeting = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        _ = try await database.pool.read { connection throws(PostgresError) in
                            meeting.increment()
                            while meeting.value < 2 { try connection.execute("SELECT pg_sleep(0.01)") }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `a connection that was killed is replaced without an error`() async throws {
        try await TestDatabase.with(isMigrated: false, connections: 1) { database in
            func process() async throws -> Int {
                try await database.pool.withConnection { connection throws(PostgresError) in
                    try connection.query("SELECT pg_backend_pid()").scalar(Int.self)
                }
            }
            let first = try await process()
            let other = try PostgresConnection(database.configuration)
            try other.execute("SELECT pg_terminate_backend($1::int)", Int32(first))
            try await Task.sleep(for: .milliseconds(100))
            #expect(try await process() != first)
        }
    }

    @Test func `a connection that breaks in the middle is repeated where that is right`() async throws {
        try await TestDatabase.with(isMigrated: false, connections: 1) { database in
            try await database.pool.withConnection { connection throws(PostgresError) in
                try connection.runScript("CREATE TABLE notes (text text)")
            }
            let suicide = "SELECT pg_terminate_backend(pg_backend_pid())"
            let runs = Counter()
            try await database.pool.transaction { connection throws(PostgresError) in
                try connection.execute("INSERT INTO notes VALUES ('once')")
                if runs.increment() == 1 { try connection.execute(suicide) }
            }
            #expect(runs.value == 2)
            let count = try await database.pool.read { connection throws(PostgresError) in
                if runs.increment() == 3 { try connection.execute(suicide) }
                return try connection.query("SELECT count(*) FROM notes").scalar(Int.self)
            }
            #expect(count == 1)
            await #expect(throws: PostgresError.connectionLost) {
                try await database.pool.withConnection { connection throws(PostgresError) in
                    try connection.execute(suicide)
                }
            }
        }
    }

    @Test func `a connection lost during COMMIT says that nobody knows`() async throws {
        try await TestDatabase.with(isMigrated: false, connections: 1) { database in
            try await database.pool.withConnection { connection throws(PostgresError) in
                try connection.runScript(
                    """
                    CREATE TABLE notes (text text);
                    CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql
                        AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
                    CREATE CONSTRAINT TRIGGER late AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW EXECUTE FUNCTION die()
                    """)
            }
            let error = await #expect(throws: PostgresError.commitUnknown) {
                try await database.pool.transaction { connection throws(PostgresError) in
                    try connection.execute("INSERT INTO notes VALUES ('x')")
                }
            }
            #expect(error?.mayHaveCommitted == true)
        }
    }

    @Test func `a deadlock is run again`() async throws {
        try await TestDatabase.with(isMigrated: false, connections: 2) { database in
            try await database.pool.withConnection { connection throws(PostgresError) in
                try connection.runScript(
                    "CREATE TABLE counters (id int PRIMARY KEY, n int); INSERT INTO counters VALUES (1, 0), (2, 0)")
            }
            let attempts = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (first, second) in [(Int32(1), Int32(2)), (2, 1)] {
                    group.addTask {
                        _ = try await database.pool.transaction { connection throws(PostgresError) in
                            attempts.increment()
                            try connection.execute("UPDATE counters SET n = n + 1 WHERE id = $1", first)
                            try connection.execute("SELECT pg_sleep(0.2)")
                            try connection.execute("UPDATE counters SET n = n + 1 WHERE id = $1", second)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let sum = try await database.pool.read { connection throws(PostgresError) in
                try connection.query("SELECT sum(n) FROM counters").scalar(Int.self)
            }
            #expect(sum == 4)
            #expect(attempts.value > 2)
        }
    }

    /// A statement that fails as one does that gives way to others.
    private static let givesWay = "DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$"

    @Test(arguments: ["read", "transaction", "long transaction"])
    func `whoever gives way to others is run again, but not for ever`(kind: String) async throws {
        try await TestDatabase.with(isMigrated: false, connections: 1) { database in
            let pool = database.pool
            func run(failing count: Int) async throws -> Int {
                let runs = Counter()
                let body = { @Sendable (connection: borrowing PostgresConnection) throws(PostgresError) in
                    if runs.increment() <= count { try connection.runScript(Self.givesWay) }
                    return runs.value
                }
                switch kind {
                case "read": return try await pool.read(body)
                case "transaction": return try await pool.transaction(body)
                default: return try await pool.longTransaction(body)
                }
            }
            let runs = try await run(failing: 3)
            #expect(runs == 4)
            let error = await #expect(throws: PostgresError.self) { try await run(failing: .max) }
            #expect(error?.meaning == .busy)
        }
    }

    @Test func `a long transaction has no limit, and the limits are back behind it`() async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            var configuration = database.configuration
            configuration.statementTimeout = .milliseconds(100)
            let pool = PostgresPool(configuration, size: 1)
            _ = try await pool.longTransaction { connection throws(PostgresError) in
                try connection.execute("SELECT pg_sleep(0.3)")
            }
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction { connection throws(PostgresError) in
                    try connection.execute("SELECT pg_sleep(5)")
                }
            }
            #expect(error?.meaning == .busy)
            await pool.close()
        }
    }

    @Test func `while PostgreSQL is away nobody is told that others have the connections`() async throws {
        let pool = PostgresPool(
            PostgresConfiguration("host=127.0.0.1 port=1 dbname=nobody"), size: 1, waitingTimeout: .seconds(2),
            waitingLimit: 0)
        async let first = #expect(throws: PostgresError.self) {
            try await pool.read { connection throws(PostgresError) in try connection.execute("SELECT 1") }
        }
        try await Task.sleep(for: .milliseconds(300))
        let second = await #expect(throws: PostgresError.self) {
            try await pool.read { connection throws(PostgresError) in try connection.execute("SELECT 1") }
        }
        #expect(second?.meaning == .outage)
        _ = await first
        await pool.close()
    }

    @Test func `a connection left inside a transaction is not lent again`() async throws {
        try await TestDatabase.with(isMigrated: false, connections: 1) { database in
            let left = try await database.pool.withConnection { connection throws(PostgresError) in
                try connection.runScript("BEGIN")
                return try connection.query("SELECT pg_backend_pid()").scalar(Int.self)
            }
            let lent = try await database.pool.read { connection throws(PostgresError) in
                try connection.query("SELECT pg_backend_pid()").scalar(Int.self)
            }
            #expect(lent != left)
        }
    }

    @Test func `a server that falls silent counts as lost`() async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            var configuration = database.configuration
            configuration.statementTimeout = .milliseconds(200)
            configuration.silenceTimeout = .milliseconds(300)
            let pool = PostgresPool(configuration, size: 1)
            let process = try await pool.read { connection throws(PostgresError) in
                try connection.query("SELECT pg_backend_pid()").scalar(Int32.self)
            }
            kill(process, SIGSTOP)
            let start = ContinuousClock.now
            await #expect(throws: PostgresError.connectionLost) {
                try await pool.withConnection { connection throws(PostgresError) in try connection.execute("SELECT 1") }
            }
            #expect(ContinuousClock.now - start < .seconds(15))
            kill(process, SIGCONT)
            let next = try await pool.read { connection throws(PostgresError) in
                try connection.query("SELECT pg_backend_pid()").scalar(Int32.self)
            }
            #expect(next != process)
            await pool.close()
        }
    }

    @Test func `a closed pool refuses work`() async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            let pool = PostgresPool(database.configuration, size: 1)
            _ = try await pool.read { connection throws(PostgresError) in try connection.execute("SELECT 1") }
            await pool.close()
            await #expect(throws: PostgresError.closed) {
                try await pool.read { connection throws(PostgresError) in try connection.execute("SELECT 1") }
            }
        }
    }
}
