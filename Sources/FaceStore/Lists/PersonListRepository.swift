public import FaceModel
public import Foundation
public import Postgres

/// The person lists of accounts.
public struct PersonListRepository: Sendable {
    private static let columns = "id, gallery_id, name, created_at"

    private let pool: PostgresPool

    /// The lists of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// All lists of an account, oldest first.
    public func all(of account: UUID) async throws(PostgresError) -> [PersonList] {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                "SELECT \(Self.columns) FROM person_lists WHERE account_id = $1 ORDER BY number", account
            ).map(Self.read)
        }
    }

    /// Adds a list and its gallery.
    ///
    /// - Returns: `false` when the account has a list with this id or this name.
    public func add(_ list: PersonList, to account: UUID) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            let isPossible =
                try connection.execute(
                    """
                    INSERT INTO galleries (id, name, created_at)
                    SELECT $3, 'list', $5 WHERE NOT EXISTS (
                        SELECT FROM person_lists WHERE account_id = $1 AND (id = $2 OR name = $4))
                    ON CONFLICT DO NOTHING
                    """, account, list.id, list.gallery, list.name, list.createdAt) > 0
            guard isPossible else { return false }
            let isNew =
                try connection.execute(
                    """
                    INSERT INTO person_lists (account_id, id, gallery_id, name, created_at)
                    VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
                    """, account, list.id, list.gallery, list.name, list.createdAt) > 0
            // Another list came in between: the gallery that was made for this one belongs to nobody.
            if !isNew { try connection.execute("DELETE FROM galleries WHERE id = $1", list.gallery) }
            return isNew
        }
    }

    /// Renames a list.
    ///
    /// - Returns: whether there is such a list.
    /// - Throws: ``PostgresError/statementFailed(_:_:)`` with ``SQLState/uniqueViolation`` when another list has the name.
    public func rename(_ id: UUID, of account: UUID, to name: String) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                "UPDATE person_lists SET name = $3 WHERE account_id = $1 AND id = $2", account, id, name) > 0
        }
    }

    /// Forgets a list and its gallery, which nobody must be in any more.
    public func remove(_ list: PersonList, of account: UUID) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute("DELETE FROM person_lists WHERE account_id = $1 AND id = $2", account, list.id)
            try connection.execute("DELETE FROM galleries WHERE id = $1", list.gallery)
        }
    }

    private static func read(_ row: borrowing PostgresRow) throws(PostgresError) -> PersonList {
        PersonList(
            id: try row.decode(0), gallery: try row.decode(1), name: try row.decode(2), createdAt: try row.decode(3))
    }
}
