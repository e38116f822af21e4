public import FaceModel
public import Foundation
public import Postgres

/// The history of pictures that were searched in lists.
public struct ActionRepository: Sendable {
    private let pool: PostgresPool

    /// The actions of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// Writes an action down, with its picture where one is to be kept.
    public func add(_ action: ListAction, picture: [UInt8]?) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                """
                INSERT INTO actions (
                    id, account_id, group_id, source_id, faces, known_faces, added_persons, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                """, action.id, action.account, action.group, action.source, action.faces, action.knownFaces,
                action.addedPersons, action.createdAt)
            guard let picture else { return }
            try connection.execute(
                "INSERT INTO images (id, bytes, media_type, created_at) VALUES ($1, $2, 'image/jpeg', $3)",
                action.id, picture, action.createdAt)
        }
    }

    /// Deletes actions from before a moment, with their pictures.
    ///
    /// - Parameter limit: how many at most, so that nobody waits long for a lock.
    /// - Returns: how many there were.
    public func removeOlder(than moment: Date, limit: Int) async throws(PostgresError) -> Int {
        try await pool.transaction { connection throws(PostgresError) in
            let ids = try connection.query(
                """
                DELETE FROM actions WHERE id IN (SELECT id FROM actions WHERE created_at < $1 LIMIT $2) RETURNING id
                """, moment, limit
            ).map { row throws(PostgresError) in try row.decode(0, as: UUID.self) }
            try connection.removeImages(ids)
            return ids.count
        }
    }
}
