internal import Foundation

/// Brings a database to the newest version of its tables.
///
/// Reads `NNNN_name.sql` from a folder and runs, in order, those that the database has not seen, each in a transaction
/// of its own and recorded with its SHA-256. Runners of several processes take turns.
public struct MigrationRunner: Sendable {
    // Any number will do as long as all versions of the server use the same one.
    private static let lockNumber = 7_305_803_186_422_951

    private let directory: String

    /// A runner for the migrations in a folder.
    public init(directory: String) {
        self.directory = directory
    }

    /// Runs what is missing; a second run finds nothing to do and takes a millisecond or two.
    ///
    /// - Returns: the names of the migrations that were applied now.
    /// - Throws: ``PostgresError/migrationFailed(_:)`` where the folder cannot be read, a file that was applied is
    ///   missing or changed, or a script fails; the message names the file.
    @discardableResult
    public func apply(on pool: PostgresPool) async throws(PostgresError) -> [String] {
        let migrations = try read()
        return try await pool.withConnection { connection throws(PostgresError) in
            try apply(migrations, on: connection)
        }
    }

    /// Runs what is missing on one connection.
    @discardableResult
    public func apply(on connection: borrowing PostgresConnection) throws(PostgresError) -> [String] {
        try apply(read(), on: connection)
    }

    private func apply(
        _ migrations: [Migration], on connection: borrowing PostgresConnection
    ) throws(PostgresError) -> [String] {
        let exists = try connection.query("SELECT to_regclass('schema_migrations') IS NOT NULL").scalar(Bool.self)
        if exists, try pending(of: migrations, on: connection).isEmpty { return [] }
        // The lock belongs to the session and not to a transaction, since each migration has a transaction of its own.
        return try connection.withoutTimeLimits { () throws(PostgresError) -> [String] in
            try connection.execute("SELECT pg_advisory_lock($1)", Self.lockNumber)
            defer { _ = try? connection.execute("SELECT pg_advisory_unlock($1)", Self.lockNumber) }
            try connection.runScript(
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    number integer PRIMARY KEY, name text NOT NULL, checksum bytea NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now())
                """)
            let missing = try pending(of: migrations, on: connection)
            for migration in missing { try apply(migration, on: connection) }
            return missing.map(\.name)
        }
    }

    private func apply(
        _ migration: Migration, on connection: borrowing PostgresConnection
    ) throws(PostgresError) {
        do throws(PostgresError) {
            try connection.transaction { () throws(PostgresError) in
                try connection.runScript(migration.script)
                try connection.execute(
                    "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, sha256($3))",
                    migration.number, migration.name, Array(migration.script.utf8))
            }
        } catch {
            guard !error.isConnectionLoss else { throw error }
            throw .migrationFailed("\(migration.name) cannot be applied: \(error)")
        }
    }

    /// The migrations that the database has not seen.
    private func pending(
        of migrations: [Migration], on connection: borrowing PostgresConnection
    ) throws(PostgresError) -> [Migration] {
        var applied: [Int32: (name: String, checksum: [UInt8])] = [:]
        let rows = try connection.query("SELECT number, name, checksum FROM schema_migrations").map {
            row throws(PostgresError) in
            (try row.decode(0, as: Int32.self), try row.decode(1, as: String.self), try row.decode(2, as: [UInt8].self))
        }
        for row in rows { applied[row.0] = (row.1, row.2) }
        var missing: [Migration] = []
        for migration in migrations {
            guard let record = applied.removeValue(forKey: migration.number) else {
                missing.append(migration)
                continue
            }
            let checksum = try connection.query("SELECT sha256($1)", Array(migration.script.utf8)).scalar([UInt8].self)
            guard checksum == record.checksum, migration.name == record.name else {
                throw .migrationFailed("\(migration.name) was changed after it was applied as \(record.name)")
            }
        }
        if let orphan = applied.min(by: { $0.key < $1.key }) {
            throw .migrationFailed("\(orphan.value.name) was applied to the database but is not in \(directory)")
        }
        return missing
    }

    private func read() throws(PostgresError) -> [Migration] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".sql") }
        } catch {
            throw .migrationFailed("the folder \(directory) cannot be read")
        }
        var migrations: [Migration] = []
        for name in names.sorted() {
            guard let number = Int32(name.prefix { $0 != "_" }), name.contains("_") else {
                throw .migrationFailed("\(name) is not named NNNN_name.sql")
            }
            guard migrations.last?.number != number else { throw .migrationFailed("number \(number) is used twice") }
            guard let script = try? String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8) else {
                throw .migrationFailed("\(name) cannot be read")
            }
            migrations.append(Migration(number: number, name: String(name.dropLast(4)), script: script))
        }
        return migrations.sorted { $0.number < $1.number }
    }
}

/// One numbered script.
private struct Migration: Sendable {
    let number: Int32
    let name: String
    let script: String
}
