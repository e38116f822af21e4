import Postgres
import TestKit
import Testing

/// What PostgreSQL's failures mean to whoever asked for the work.
struct MeaningTests {
    private static let tables = """
        CREATE TABLE owners (id int PRIMARY KEY, small smallint, name text NOT NULL UNIQUE CHECK (name <> 'x'),
            short varchar(3), facts jsonb);
        CREATE TABLE things (owner int NOT NULL REFERENCES owners);
        INSERT INTO owners (id, name) VALUES (1, 'a');
        INSERT INTO things VALUES (1);
        """

    @Test(
        arguments: [
            ("INSERT INTO owners (id, name) VALUES (1, 'b')", .duplicate),
            ("INSERT INTO owners (id, name) VALUES (2, 'a')", .duplicate),
            ("INSERT INTO things VALUES (7)", .missingReference), ("DELETE FROM owners", .missingReference),
            ("INSERT INTO owners (id) VALUES (2)", .invalidValue),
            ("INSERT INTO owners (id, name) VALUES (2, 'x')", .invalidValue),
            ("UPDATE owners SET small = 40000", .invalidValue), ("UPDATE owners SET short = 'long'", .invalidValue),
            (#"UPDATE owners SET facts = '{"a":"\u0000"}'"#, .invalidValue),
            (#"UPDATE owners SET facts = '{"a":1e131073}'"#, .invalidValue),
            ("UPDATE owners SET facts = '{'", .invalidValue), ("SELECT timestamptz '300000-01-01'", .invalidValue),
            // More than an index takes, and nothing that could be compressed.
            (
                "UPDATE owners SET name = (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 200) AS n)",
                .invalidValue
            ),
            ("SELECT pg_sleep(5)", .busy), ("SELECT 1 FROM nowhere", .unforeseen), ("SELECT 1 / 0", .unforeseen),
            ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$", .busy),
            ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53100'; END $$", .outage),
            ("SELECT pg_terminate_backend(pg_backend_pid())", .outage),
        ] as [(String, PostgresError.Meaning)])
    func `a failed statement has its meaning`(sql: String, meaning: PostgresError.Meaning) async throws {
        try await TestDatabase.with(isMigrated: false, connections: 1) { database in
            let error = await #expect(throws: PostgresError.self) {
                try await database.pool.withConnection { connection throws(PostgresError) in
                    try connection.runScript(Self.tables)
                    try connection.runScript("SET statement_timeout = 300")
                    try connection.runScript(sql)
                }
            }
            #expect(error?.meaning == meaning, "\(error.map { "\($0)" } ?? "")")
        }
    }

    @Test func `a lock that others hold is no outage`() async throws {
        try await TestDatabase.with(isMigrated: false, connections: 1) { database in
            let other = try PostgresConnection(database.configuration)
            try other.runScript(Self.tables)
            try other.runScript("BEGIN; LOCK TABLE owners")
            let error = await #expect(throws: PostgresError.self) {
                try await database.pool.transaction { connection throws(PostgresError) in
                    try connection.runScript("SET LOCAL lock_timeout = 50; UPDATE owners SET small = 1")
                }
            }
            #expect(error?.meaning == .busy)
        }
    }

    @Test func `a text with NUL never reaches the server`() async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            let error = await #expect(throws: PostgresError.textContainsNUL) {
                try await database.pool.read { connection throws(PostgresError) in
                    try connection.execute("SELECT $1", "a\u{0}b")
                }
            }
            #expect(error?.meaning == .invalidValue)
        }
    }
}
