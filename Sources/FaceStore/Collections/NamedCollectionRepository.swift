public import FaceModel
public import Foundation
public import Postgres

/// Galleries that are known by a name, with persons of their own.
public struct NamedCollectionRepository: Sendable {
    private let pool: PostgresPool

    /// The named collections of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// Adds a collection.
    ///
    /// - Returns: whether the name was free.
    public func add(_ name: String, gallery: UUID, at time: Date) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                "INSERT INTO galleries (id, name, created_at) VALUES ($1, $2, $3)", gallery, name, time)
            let isNew =
                try connection.execute(
                    "INSERT INTO named_collections (gallery_id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
                    gallery, name) > 0
            if !isNew { try connection.execute("DELETE FROM galleries WHERE id = $1", gallery) }
            return isNew
        }
    }

    /// The collection with a name.
    public func find(_ name: String) async throws(PostgresError) -> NamedCollection? {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("\(Self.selection) WHERE n.name = $1", name).first(Self.read)
        }
    }

    /// All collections by name.
    public func all() async throws(PostgresError) -> [NamedCollection] {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("\(Self.selection) ORDER BY n.name COLLATE \"C\"").map(Self.read)
        }
    }

    /// Deletes the gallery of a collection, whose persons are gone already.
    public func remove(_ gallery: UUID) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            _ = try connection.execute("DELETE FROM galleries WHERE id = $1", gallery)
        }
    }

    /// What clients gave along with some persons; whoever has nothing is left out.
    public func metadata(of persons: [UUID]) async throws(PostgresError) -> [UUID: String] {
        guard !persons.isEmpty else { return [:] }
        let pairs = try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT person_id, json FROM enrolment_metadata WHERE person_id = ANY($1)", persons)
                .map { row throws(PostgresError) in
                    (try row.decode(0, as: UUID.self), try row.decode(1, as: String.self))
                }
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// The companion of an enrolment that keeps what the client gave along.
    public static func companion(metadata: String) -> PersonRepository.Companion {
        { connection, person throws(PostgresError) in
            try connection.execute(
                """
                INSERT INTO enrolment_metadata (person_id, json) VALUES ($1, $2)
                ON CONFLICT (person_id) DO UPDATE SET json = excluded.json
                """, person.id, metadata)
        }
    }

    private static let selection = """
        SELECT n.gallery_id, n.name, (SELECT count(*) FROM persons AS p WHERE p.gallery_id = n.gallery_id)
        FROM named_collections AS n
        """

    private static func read(_ row: borrowing PostgresRow) throws(PostgresError) -> NamedCollection {
        NamedCollection(gallery: try row.decode(0), name: try row.decode(1), count: try row.decode(2))
    }
}
