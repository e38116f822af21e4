import Foundation
import Postgres
import TestKit
import Testing

@Suite struct MigrationTests {
    private func write(_ files: [String: String], to directory: String) throws {
        for (name, text) in files { try text.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8) }
    }

    private func withFolder(
        _ files: [String: String], _ body: (TestDatabase, String) async throws -> Void
    ) async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            try await withTemporaryDirectory { directory in
                try write(files, to: directory)
                try await body(database, directory)
            }
        }
    }

    private let two = [
        "0001_first.sql": "CREATE TABLE a (n int); INSERT INTO a VALUES (1);",
        "0002_second.sql": "INSERT INTO a VALUES (2)",
    ]

    @Test func `migrations run once and in order`() async throws {
        try await withFolder(two) { database, directory in
            let runner = MigrationRunner(directory: directory)
            #expect(try await runner.apply(on: database.pool) == ["0001_first", "0002_second"])
            #expect(try await runner.apply(on: database.pool).isEmpty)
            try write(["0003_third.sql": "INSERT INTO a VALUES (3)"], to: directory)
            #expect(try await runner.apply(on: database.pool) == ["0003_third"])
            let sum = try await database.pool.read { connection throws(PostgresError) in
                try connection.query("SELECT sum(n) FROM a").scalar(Int.self)
            }
            #expect(sum == 6)
        }
    }

    @Test func `runners of several processes take turns`() async throws {
        try await withFolder(two) { database, directory in
            let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await MigrationRunner(directory: directory).apply(on: database.pool).count }
                }
                return try await group.reduce(0, +)
            }
            #expect(applied == 2)
        }
    }

    @Test func `a file that was changed or removed is named`() async throws {
        try await withFolder(two) { database, directory in
            let runner = MigrationRunner(directory: directory)
            try await runner.apply(on: database.pool)
            try write(["0001_first.sql": "-- nothing"], to: directory)
            await #expect(
                throws: PostgresError.migrationFailed("0001_first was changed after it was applied as 0001_first")
            ) { try await runner.apply(on: database.pool) }
            try FileManager.default.removeItem(atPath: "\(directory)/0001_first.sql")
            await #expect(
                throws: PostgresError.migrationFailed(
                    "0001_first was applied to the database but is not in \(directory)")
            ) { try await runner.apply(on: database.pool) }
        }
    }

    @Test func `a script that fails leaves nothing of itself`() async throws {
        try await withFolder([
            "0001_first.sql": "CREATE TABLE a (n int)", "0002_bad.sql": "CREATE TABLE b (n int); FAIL",
        ]) {
            database, directory in
            let error = await #expect(throws: PostgresError.self) {
                try await MigrationRunner(directory: directory).apply(on: database.pool)
            }
            #expect(error?.description.contains("0002_bad cannot be applied") == true)
            let tables = try await database.pool.read { connection throws(PostgresError) in
                try connection.query("SELECT to_regclass('a') IS NOT NULL AND to_regclass('b') IS NULL").scalar(
                    Bool.self)
            }
            #expect(tables)
        }
    }

    @Test func `the project's own migrations need a moment only when there is nothing to do`() async throws {
        try await TestDatabase.with { database in
            let runner = MigrationRunner(directory: TestDatabase.migrationsDirectory)
            #expect(try await runner.apply(on: database.pool).isEmpty)
            let time = try await ContinuousClock().measure { try await runner.apply(on: database.pool) }
            #expect(time < .seconds(5))
        }
    }
}
