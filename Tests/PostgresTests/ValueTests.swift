import Foundation
import Postgres
import TestKit
import Testing

@Suite struct ValueTests {
    private func echo<T: PostgresValue & Equatable>(_ values: [T], as type: String) async throws {
        try await TestDatabase.with(isMigrated: false, connections: 1) { database in
            for value in values {
                let back = try await database.pool.read { connection throws(PostgresError) in
                    try connection.query("SELECT $1::\(type)", value).scalar(T.self)
                }
                #expect(back == value)
            }
        }
    }

    @Test func `numbers come back as they went`() async throws {
        try await echo([true, false], as: "boolean")
        try await echo([Int16.min, -1, 0, Int16.max], as: "smallint")
        try await echo([Int32.min, -1, 0, Int32.max], as: "integer")
        try await echo([Int64.min, -1, 0, Int64.max], as: "bigint")
        try await echo([Int.min, 256, Int.max], as: "bigint")
        try await echo([Float.leastNonzeroMagnitude, -0.0, .infinity, .greatestFiniteMagnitude], as: "real")
        try await echo([Double.leastNonzeroMagnitude, 0.1, -.infinity, .greatestFiniteMagnitude], as: "float8")
    }

    @Test func `texts come back byte for byte`() async throws {
        try await echo(
            [
                "", " ", "it's \"quoted\" \\ $1 %s ; --", "Ёлка 北京 🧑‍🚒👩🏽", "e\u{301}", "\u{1}\u{7F}\t\r\n",
                String(repeating: "я", count: 100_000),
            ], as: "text")
    }

    @Test func `ids, bytes and times come back`() async throws {
        try await echo([UUID(), UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))], as: "uuid")
        try await echo(
            [[], [0], Array(0...255), [UInt8](repeating: 0xA5, count: 20_000_000)], as: "bytea")
        try await echo(
            [
                Date(timeIntervalSince1970: 0), Date(timeIntervalSince1970: 1_709_647_629.031),
                Date(timeIntervalSince1970: -62_135_596_800), Date(timeIntervalSinceReferenceDate: 0),
                Date(timeIntervalSince1970: 253_402_300_799),
            ], as: "timestamptz")
    }

    @Test func `a whole millisecond stays one`() async throws {
        let milliseconds = 1_709_647_629_031
        try await TestDatabase.with(isMigrated: false, connections: 1) { database in
            let (text, back) = try await database.pool.read { connection throws(PostgresError) in
                let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
                let text = try connection.query(
                    "SELECT to_char($1::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')", date)
                return (
                    try text.scalar(String.self), try connection.query("SELECT $1::timestamptz", date).scalar(Date.self)
                )
            }
            #expect(text == "2024-03-05T14:07:09.031000")
            #expect((back.timeIntervalSince1970 * 1000).rounded() == Double(milliseconds))
        }
    }

    @Test func `arrays and optional values come back`() async throws {
        try await echo([[UUID](), [UUID(), UUID()]], as: "uuid[]")
        try await echo([[Int](), [Int.min, 0, Int.max]], as: "bigint[]")
        try await echo([[String](), ["", "a,b", "{}", "\"", "NULL"]], as: "text[]")
        try await echo(
            [[Date](), [Date(timeIntervalSince1970: 1), Date(timeIntervalSince1970: 2)]], as: "timestamptz[]")
        try await echo([[Float](), [1.5, -0.25]], as: "real[]")
        try await echo([String?.none, "", "x"], as: "text")
        try await echo([[UInt8]?.none, [], [1]], as: "bytea")
    }

    @Test func `JSON keeps its meaning`() async throws {
        try await TestDatabase.with(isMigrated: false, connections: 1) { database in
            let back = try await database.pool.read { connection throws(PostgresError) in
                try connection.query("SELECT $1::jsonb", JSONText("{\"a\" : [1, \"\u{1F600}\"]}")).scalar(JSONText.self)
            }
            #expect(back.text == "{\"a\": [1, \"\u{1F600}\"]}")
        }
    }

    @Test func `a NUL is refused before anything is sent`() async throws {
        try await TestDatabase.with(isMigrated: false, connections: 1) { database in
            for value: any PostgresValue in ["a\0b", ["x", "\0"], String?.some("\0"), JSONText("\0")] {
                await #expect(throws: PostgresError.textContainsNUL) {
                    try await database.pool.read { connection throws(PostgresError) in
                        // The statement is wrong, so that sending it would show as another error.
                        try connection.execute("NO STATEMENT", value)
                    }
                }
            }
        }
    }

    @Test func `what cannot be read says which column and why`() async throws {
        try await TestDatabase.with(isMigrated: false, connections: 1) { database in
            await #expect(throws: PostgresError.decodingFailed(column: "n", reason: "NULL")) {
                try await database.pool.read { connection throws(PostgresError) in
                    try connection.query("SELECT NULL::int AS n").scalar(Int.self)
                }
            }
            await #expect(throws: PostgresError.decodingFailed(column: "t", reason: "type 25 is not Int")) {
                try await database.pool.read { connection throws(PostgresError) in
                    try connection.query("SELECT 'x'::text AS t").scalar(Int.self)
                }
            }
            await #expect(throws: PostgresError.decodingFailed(column: "5", reason: "the result has no such column")) {
                try await database.pool.read { connection throws(PostgresError) in
                    try connection.query("SELECT 1").first { row throws(PostgresError) in
                        try row.decode(5, as: Int.self)
                    }
                }
            }
        }
    }
}
