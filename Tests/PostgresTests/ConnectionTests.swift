import Foundation
import Postgres
import TestKit
import Testing

@Suite struct ConnectionTests {
    private func withTable<R>(_ body: (TestDatabase) async throws -> R) async throws -> R {
        try await TestDatabase.with(isMigrated: false) { database in
            try await database.pool.withConnection { connection throws(PostgresError) in
                try connection.runScript(
                    """
                    CREATE TABLE items (id int PRIMARY KEY, name text NOT NULL CHECK (name <> 'bad'));
                    CREATE TABLE parts (item int REFERENCES items (id))
                    """)
            }
            return try await body(database)
        }
    }

    @Test func `errors of the server have a state and a constraint and no data`() async throws {
        try await withTable { database in
            func state(_ sql: String, _ value: some PostgresValue) async -> PostgresError? {
                await #expect(throws: PostgresError.self) {
                    try await database.pool.transaction { connection throws(PostgresError) in
                        try connection.execute("INSERT INTO items VALUES (1, 'secret')")
                        try connection.execute(sql, value)
                    }
                }
            }
            let duplicate = await state("INSERT INTO items VALUES (1, $1)", "secret")
            #expect(
                duplicate
                    == .statementFailed(.uniqueViolation, PostgresDiagnostics(constraint: "items_pkey")))
            #expect(duplicate?.description.contains("secret") == false)
            let orphan = await state("INSERT INTO parts VALUES ($1)", Int32(77))
            #expect(
                orphan == .statementFailed(.foreignKeyViolation, PostgresDiagnostics(constraint: "parts_item_fkey")))
            let unreadable = await state("SELECT ($1::text)::int", "secret")
            #expect(unreadable == .statementFailed(SQLState("22P02"), PostgresDiagnostics()))
            guard
                case .statementFailed(.undefinedTable, let facts) = await state("SELECT $1::int FROM nowhere", Int32(1))
            else {
                Issue.record("no undefined table")
                return
            }
            #expect(facts.message == "relation \"nowhere\" does not exist")
        }
    }

    @Test func `a transaction that fails leaves nothing`() async throws {
        try await withTable { database in
            await #expect(throws: PostgresError.self) {
                try await database.pool.transaction { connection throws(PostgresError) in
                    try connection.execute("INSERT INTO items VALUES (1, 'a')")
                    try connection.execute("INSERT INTO items VALUES (2, 'bad')")
                }
            }
            await #expect(throws: PostgresError.transactionRolledBack) {
                try await database.pool.transaction { connection throws(PostgresError) in
                    try connection.execute("INSERT INTO items VALUES (3, 'a')")
                    _ = try? connection.execute("INSERT INTO items VALUES (4, 'bad')")
                }
            }
            let count = try await database.pool.read { connection throws(PostgresError) in
                try connection.query("SELECT count(*) FROM items").scalar(Int.self)
            }
            #expect(count == 0)
        }
    }

    @Test func `a statement that takes too long is cancelled`() async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            var configuration = database.configuration
            configuration.statementTimeout = .milliseconds(100)
            let pool = PostgresPool(configuration, size: 1)
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withConnection { connection throws(PostgresError) in
                    try connection.execute("SELECT pg_sleep(5)")
                }
            }
            guard case .statementFailed(.queryCanceled, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(error?.isUnavailability == true)
            // Work without limits is for work over whole tables; afterwards the limits are back.
            try await pool.withConnection { connection throws(PostgresError) in
                try connection.withoutTimeLimits { () throws(PostgresError) in
                    try connection.execute("SELECT pg_sleep(0.2)")
                }
            }
            await #expect(throws: PostgresError.self) {
                try await pool.withConnection { connection throws(PostgresError) in
                    try connection.execute("SELECT pg_sleep(5)")
                }
            }
            await pool.close()
        }
    }

    @Test func `prepared statements are bounded and the same text works with several types`() async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            let connection = try PostgresConnection(database.configuration, preparedStatements: 3)
            for round in 0..<3 {
                for number in 0..<5 {
                    let value = try connection.query("SELECT \(number) + $1::int", Int32(round)).scalar(Int.self)
                    #expect(value == number + round)
                }
            }
            #expect(try connection.query("SELECT count(*) FROM pg_prepared_statements").scalar(Int.self) == 3)
            #expect(try connection.query("SELECT $1::text", "a").scalar(String.self) == "a")
            #expect(try connection.query("SELECT $1::text", Int32(1)).scalar(String.self) == "1")
        }
    }

    @Test func `rows are copied in and out`() async throws {
        try await withTable { database in
            let connection = try PostgresConnection(database.configuration)
            let stored = try connection.copyIn("COPY items FROM STDIN (FORMAT binary)") {
                writer throws(PostgresError) in
                for number in 0..<50_000 { try writer.row(Int32(number), "name \(number)") }
            }
            #expect(stored == 50_000)
            var sum = 0
            var names = 0
            let read = try connection.copyOut("COPY (SELECT id, name, NULL FROM items) TO STDOUT (FORMAT binary)") {
                row throws(PostgresError) in
                sum += Int(try row.decode(0, as: Int32.self))
                names += try row.withBytes(1) { $0.byteCount } ?? 0
                #expect(try row.decode(2, as: String?.self) == nil)
            }
            #expect(read == 50_000)
            #expect(sum == 50_000 * 49_999 / 2)
            #expect(names == (0..<50_000).reduce(0) { $0 + "name \($1)".utf8.count })
            let empty = try connection.copyOut("COPY (SELECT 1 WHERE false) TO STDOUT (FORMAT binary)") { _ in }
            #expect(empty == 0)
            let isUsable = connection.isUsable
            #expect(isUsable)
        }
    }

    @Test func `a copy that fails stores nothing and leaves the connection in order`() async throws {
        try await withTable { database in
            let connection = try PostgresConnection(database.configuration)
            #expect(throws: PostgresError.textContainsNUL) {
                try connection.copyIn("COPY items FROM STDIN (FORMAT binary)") { writer throws(PostgresError) in
                    try writer.row(Int32(1), "a")
                    try writer.row(Int32(2), "\0")
                }
            }
            #expect(
                throws: PostgresError.statementFailed(.uniqueViolation, PostgresDiagnostics(constraint: "items_pkey"))
            ) {
                try connection.copyIn("COPY items FROM STDIN (FORMAT binary)") { writer throws(PostgresError) in
                    try writer.row(Int32(1), "a")
                    try writer.row(Int32(1), "b")
                }
            }
            #expect(throws: PostgresError.self) {
                try connection.copyOut("COPY nowhere TO STDOUT (FORMAT binary)") { _ in }
            }
            #expect(throws: PostgresError.unexpectedAnswer("the statement is no COPY")) {
                try connection.copyOut("SELECT 1") { _ in }
            }
            let isUsable = connection.isUsable
            #expect(isUsable)
            #expect(try connection.query("SELECT count(*) FROM items").scalar(Int.self) == 0)
        }
    }

    @Test func `a connection string that leads nowhere fails with libpq's reason and without the password`() async {
        let pool = PostgresPool(
            PostgresConfiguration("postgresql://somebody:pass-word@127.0.0.1:1/faces"), size: 1,
            waitingTimeout: .milliseconds(200))
        let error = await #expect(throws: PostgresError.self) {
            try await pool.read { connection throws(PostgresError) in try connection.execute("SELECT 1") }
        }
        guard case .connectionFailed(let text) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(text.contains("127.0.0.1"))
        #expect(!text.contains("pass-word"))
        await pool.close()
    }
}
