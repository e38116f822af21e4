public import FaceModel
public import Foundation
public import Postgres

/// Collections of persons of the shared gallery.
public struct CollectionRepository: Sendable {
    let pool: PostgresPool

    /// The collections of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// Adds a collection.
    ///
    /// - Returns: `nil` when another one has the name.
    public func add(
        _ id: UUID, name: String, description: String?, at time: Date
    ) async throws(PostgresError) -> PersonCollection? {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.query(
                """
                INSERT INTO collections AS c (id, name, description, created_at, modified_at)
                VALUES ($1, $2, $3, $4, $4) ON CONFLICT (name) DO NOTHING RETURNING \(CollectionRow.columns)
                """, id, name, description, time
            ).first(CollectionRow.read)
        }
    }

    /// Gives a collection another name or description.
    ///
    /// - Parameters:
    ///   - name: `nil` leaves it.
    ///   - description: `nil` leaves it, `.some(nil)` takes it away.
    /// - Throws: ``PostgresError/statementFailed(_:_:)`` with ``SQLState/uniqueViolation`` when another one has the name.
    /// - Returns: `nil` when there is no such collection.
    public func change(
        _ id: UUID, name: String?, description: String??, at time: Date
    ) async throws(PostgresError) -> PersonCollection? {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.query(
                """
                UPDATE collections AS c SET name = coalesce($2, name), modified_at = $3,
                    description = CASE WHEN $4 THEN $5 ELSE description END
                WHERE id = $1 RETURNING \(CollectionRow.columns)
                """, id, name, time, description != nil, description ?? nil
            ).first(CollectionRow.read)
        }
    }

    /// Deletes a collection; its persons stay.
    ///
    /// - Returns: whether there was one.
    public func remove(_ id: UUID) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute("DELETE FROM collections WHERE id = $1", id) > 0
        }
    }

    /// The collections with these ids, in the order of the ids; unknown ones are left out.
    public func find(_ ids: [UUID]) async throws(PostgresError) -> [PersonCollection] {
        guard !ids.isEmpty else { return [] }
        return try await pool.read { connection throws(PostgresError) in
            try connection.query(
                """
                SELECT \(CollectionRow.columns) FROM unnest($1) WITH ORDINALITY AS wanted (id, place)
                JOIN collections AS c ON c.id = wanted.id ORDER BY wanted.place
                """, ids
            ).map(CollectionRow.read)
        }
    }

    /// One page of collections by name.
    ///
    /// - Parameter person: only those that this person is in.
    public func page(_ window: ListWindow, of person: UUID?) async throws(PostgresError) -> ListPage<PersonCollection> {
        let direction = window.isDescending ? "DESC" : "ASC"
        let condition = """
            ($1::uuid IS NULL OR EXISTS (
                SELECT FROM collection_members WHERE collection_id = c.id AND person_id = $1))
            AND ($2::text IS NULL OR strpos(\(SQL.folded("c.name")), \(SQL.folded("$2"))) > 0
                OR strpos(\(SQL.folded("c.description")), \(SQL.folded("$2"))) > 0)
            """
        return try await pool.read { connection throws(PostgresError) in
            let total = try connection.query(
                "SELECT count(*) FROM collections AS c WHERE \(condition)", person, window.search
            ).scalar(Int.self)
            let rows = try connection.query(
                """
                SELECT \(CollectionRow.columns) FROM collections AS c WHERE \(condition)
                ORDER BY c.name COLLATE "C" \(direction), c.id OFFSET $3 LIMIT $4
                """, person, window.search, window.offset, window.limit
            ).map(CollectionRow.read)
            return ListPage(elements: rows, total: total)
        }
    }
}

/// How a collection is read from a row.
enum CollectionRow {
    /// The columns in the order of ``read(_:)``, of an alias `c`.
    static let columns = """
        c.id, c.name, c.description, (
            SELECT count(*) FROM collection_members AS m JOIN persons AS p ON p.id = m.person_id
            WHERE m.collection_id = c.id AND p.gallery_id = '\(UUID.sharedGallery)'
        ), c.created_at, c.modified_at
        """

    static func read(_ row: borrowing PostgresRow) throws(PostgresError) -> PersonCollection { try read(row, from: 0) }

    static func read(_ row: borrowing PostgresRow, from first: Int) throws(PostgresError) -> PersonCollection {
        PersonCollection(
            id: try row.decode(first), name: try row.decode(first + 1), description: try row.decode(first + 2),
            count: try row.decode(first + 3), createdAt: try row.decode(first + 4),
            modifiedAt: try row.decode(first + 5))
    }
}
