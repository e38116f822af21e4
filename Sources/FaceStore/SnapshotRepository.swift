public import FaceModel
import Foundation
public import Postgres

/// Copies of the whole database inside of it, and the way back to nothing.
///
/// A copy is a schema of its own with a table per table and the numbers of the sequences. Accounts are not touched:
/// who may call the server is not part of what a test plays with.
public struct SnapshotRepository: Sendable {
    private static let prefix = "snapshot_"
    /// In an order in which rows can be put back.
    private static let tables = [
        "galleries", "models", "images", "persons", "faces", "thumbnails", "person_lists",
        "source_groups", "sources", "list_persons", "actions", "cameras", "passes", "pass_hits", "events",
        "settings",
        "person_profiles", "collections", "collection_members", "named_collections", "enrolment_metadata",
    ]
    /// Tables whose rows belong to accounts; those of an account that is gone stay away.
    private static let accountTables: Set = ["person_lists", "source_groups", "sources"]
    private static let sequences = [
        "person_positions", "platform_user_ids", "faces_number_seq", "cameras_number_seq", "passes_number_seq",
        "events_number_seq", "person_lists_number_seq", "source_groups_number_seq", "sources_number_seq",
    ]

    private let pool: PostgresPool

    /// The copies in a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// Copies everything; a copy of the same name is replaced.
    public func take(_ name: SnapshotName) async throws(PostgresError) {
        let schema = Self.schema(name)
        let copies = Self.tables.map { "CREATE TABLE \(schema).\($0) AS TABLE \($0);" }
        let numbers = Self.sequences.map { "SELECT '\($0)' AS name, last_value, is_called FROM \($0)" }
        try await script(
            """
            -- All tables as of one moment: what refers to a row must find it when the copy is put back.
            SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
            \(Self.turn)
            DROP SCHEMA IF EXISTS \(schema) CASCADE;
            CREATE SCHEMA \(schema);
            \(copies.joined(separator: "\n"))
            CREATE TABLE \(schema).sequences AS \(numbers.joined(separator: " UNION ALL "));
            CREATE TABLE \(schema).version AS SELECT max(number) AS number FROM schema_migrations;
            """)
    }

    /// Puts a copy in the place of everything.
    ///
    /// - Returns: whether there is such a copy, made with the tables of today.
    public func restore(_ name: SnapshotName) async throws(PostgresError) -> Bool {
        let schema = Self.schema(name)
        let rows = Self.tables.map { table in
            let filter = Self.accountTables.contains(table) ? " WHERE account_id IN (SELECT id FROM accounts)" : ""
            return "INSERT INTO \(table) OVERRIDING SYSTEM VALUE SELECT * FROM \(schema).\(table)\(filter);"
        }
        return try await pool.longTransaction { connection throws(PostgresError) in
            try connection.runScript(Self.turn)
            guard try connection.hasSchema(Self.prefix + name.text) else { return false }
            let isCurrent = try connection.query(
                "SELECT number = (SELECT max(number) FROM schema_migrations) FROM \(schema).version"
            ).scalar(Bool.self)
            guard isCurrent else { return false }
            try connection.runScript(
                """
                \(Self.locks)
                TRUNCATE \(Self.tables.joined(separator: ", "));
                \(rows.joined(separator: "\n"))
                INSERT INTO galleries (id, name, created_at)
                SELECT gallery_id, 'default list', created_at FROM accounts WHERE gallery_id IS NOT NULL
                ON CONFLICT DO NOTHING;
                SELECT setval(name::regclass, last_value, is_called) FROM \(schema).sequences;
                """)
            return true
        }
    }

    /// Forgets a copy.
    ///
    /// - Returns: whether there was one.
    public func remove(_ name: SnapshotName) async throws(PostgresError) -> Bool {
        try await pool.longTransaction { connection throws(PostgresError) in
            try connection.runScript(Self.turn)
            guard try connection.hasSchema(Self.prefix + name.text) else { return false }
            try connection.runScript("DROP SCHEMA \(Self.schema(name)) CASCADE")
            return true
        }
    }

    /// The names of all copies in alphabetical order.
    public func names() async throws(PostgresError) -> [String] {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                "SELECT nspname::text FROM pg_namespace WHERE starts_with(nspname, $1) ORDER BY nspname", Self.prefix
            ).map { row throws(PostgresError) in String(try row.decode(0, as: String.self).dropFirst(Self.prefix.count))
            }
        }
    }

    /// Deletes persons, passes, events, cameras, pictures and changed settings, and starts all numbers again.
    public func reset() async throws(PostgresError) {
        try await script(
            """
            \(Self.locks)
            TRUNCATE thumbnails, faces, list_persons, persons, pass_hits, passes, events, cameras, images, settings,
                person_lists, sources, source_groups, actions, person_profiles, collections, collection_members,
                enrolment_metadata, named_collections RESTART IDENTITY;
            DELETE FROM galleries
            WHERE id <> '\(UUID.sharedGallery)' AND id NOT IN (SELECT gallery_id FROM accounts WHERE gallery_id IS NOT NULL);
            """)
    }

    /// Deletes passes with their pictures, events and cameras.
    public func clearLog() async throws(PostgresError) {
        try await script(
            """
            \(Self.locks)
            TRUNCATE events, cameras;
            WITH gone AS (DELETE FROM passes RETURNING id) DELETE FROM images WHERE id IN (SELECT id FROM gone);
            """)
    }

    /// In this order readers and the sweep take the tables, so that nobody waits in a circle.
    private static let locks = """
        LOCK TABLE passes, pass_hits, persons, faces, images, events, cameras, settings IN ACCESS EXCLUSIVE MODE;
        """

    /// Copies are made, put back and forgotten one after the other: of two who drop a schema at once, one fails.
    ///
    /// A lock is no look at the data, so that a transaction which begins with it sees them as they are behind it.
    private static let turn = "LOCK TABLE schema_migrations IN SHARE ROW EXCLUSIVE MODE;"

    private func script(_ sql: String) async throws(PostgresError) {
        try await pool.longTransaction { connection throws(PostgresError) in try connection.runScript(sql) }
    }

    private static func schema(_ name: SnapshotName) -> String {
        "\"\(prefix)\(name.text)\""
    }
}

extension PostgresConnection {
    fileprivate func hasSchema(_ name: String) throws(PostgresError) -> Bool {
        try query("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", name).scalar(Bool.self)
    }
}
