public import FaceModel
public import Foundation
public import Postgres

/// The persons of all galleries, with their reference faces and photos.
public struct PersonRepository: Sendable {
    let pool: PostgresPool

    /// The persons of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// The persons with these UUIDs in any gallery, in no particular order; unknown ids are left out.
    public func find(_ ids: [UUID]) async throws(PostgresError) -> [Person] {
        guard !ids.isEmpty else { return [] }
        return try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT \(PersonRow.columns) FROM persons AS p WHERE p.id = ANY($1)", ids)
                .map(PersonRow.read)
        }
    }

    /// The person with a key in a gallery.
    public func find(_ key: PersonKey, in gallery: UUID) async throws(PostgresError) -> Person? {
        let keys = SplitKeys([key])
        return try await pool.read { connection throws(PostgresError) in
            try connection.query(
                "SELECT \(PersonRow.columns) FROM persons AS p WHERE \(PersonRow.matchesKeys)",
                gallery, keys.ids, keys.externalIDs
            ).first(PersonRow.read)
        }
    }

    /// The persons of a gallery with these ids of the clients' own; unknown ones are left out.
    public func ids(ofExternal externalIDs: [String], in gallery: UUID) async throws(PostgresError) -> [UUID] {
        guard !externalIDs.isEmpty else { return [] }
        return try await pool.read { connection throws(PostgresError) in
            try connection.query(
                """
                SELECT e.id FROM unnest($2) AS key (text) JOIN persons AS e
                ON e.gallery_id = $1 AND md5(e.external_id) = md5(key.text) AND e.external_id = key.text
                """, gallery, externalIDs
            ).map { row throws(PostgresError) in try row.decode(0) }
        }
    }

    /// Persons that the server added by itself before a moment, oldest first.
    public func autoCreated(before moment: Date, limit: Int) async throws(PostgresError) -> [Person] {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                """
                SELECT \(PersonRow.columns) FROM persons AS p WHERE p.auto_created AND p.created_at < $1
                ORDER BY p.created_at LIMIT $2
                """, moment, limit
            ).map(PersonRow.read)
        }
    }

    /// The number of persons in a gallery.
    public func count(in gallery: UUID) async throws(PostgresError) -> Int {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT count(*) FROM persons WHERE gallery_id = $1", gallery).scalar()
        }
    }

    /// The number of persons in each gallery that has any.
    public func counts() async throws(PostgresError) -> [UUID: Int] {
        let pairs = try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT gallery_id, count(*) FROM persons GROUP BY gallery_id").map {
                row throws(PostgresError) in (try row.decode(0, as: UUID.self), try row.decode(1, as: Int.self))
            }
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// The number of persons in all galleries.
    public func count() async throws(PostgresError) -> Int {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT count(*) FROM persons").scalar()
        }
    }

    /// The JSON object with further facts of a person, or `nil` when there is no such person.
    public func attributes(of id: UUID) async throws(PostgresError) -> String? {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT attributes FROM persons WHERE id = $1", id).first {
                row throws(PostgresError) in try row.decode(0, as: JSONText.self).text
            }
        }
    }
}
