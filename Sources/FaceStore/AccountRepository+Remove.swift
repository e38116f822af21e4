public import FaceModel
import Foundation
public import Postgres

extension AccountRepository {
    /// Deletes an account with everything that only it had: sessions, tokens, lists with their persons, faces and
    /// pictures, sources, and the history of its searches. The gallery that all dialects share stays.
    ///
    /// - Returns: what went; `nil` when there is no such account.
    public func remove(_ login: String) async throws(PostgresError) -> RemovedAccount? {
        try await pool.withConnection { connection throws(PostgresError) in
            try connection.withoutTimeLimits { () throws(PostgresError) in
                try connection.transaction { () throws(PostgresError) in try connection.removeAccount(login) }
            }
        }
    }
}

extension PostgresConnection {
    fileprivate func removeAccount(_ login: String) throws(PostgresError) -> RemovedAccount? {
        let found = try query("SELECT id FROM accounts WHERE login = $1 FOR UPDATE", login)
        guard let account = try found.first({ row throws(PostgresError) in try row.decode(0, as: UUID.self) }) else {
            return nil
        }
        // The locks keep a running server from adding somebody meanwhile.
        let galleries = try query(
            """
            SELECT id FROM galleries WHERE id <> $2 AND (
                id IN (SELECT gallery_id FROM person_lists WHERE account_id = $1)
                OR id = (SELECT gallery_id FROM accounts WHERE id = $1))
            ORDER BY id FOR UPDATE
            """, account, UUID.sharedGallery
        ).map { row throws(PostgresError) in try row.decode(0, as: UUID.self) }
        let persons = try query(
            "SELECT id FROM persons WHERE gallery_id = ANY($1) ORDER BY id FOR UPDATE", galleries
        ).map { row throws(PostgresError) in try row.decode(0, as: UUID.self) }
        var pictures = try query(
            "SELECT count(*) FROM images WHERE id IN (SELECT id FROM faces WHERE person_id = ANY($1))", persons
        ).scalar(Int.self)
        _ = try removePersons(persons)
        let actions = try query("DELETE FROM actions WHERE account_id = $1 RETURNING id", account).map {
            row throws(PostgresError) in try row.decode(0, as: UUID.self)
        }
        pictures += try removeImages(actions)
        let lists = try execute("DELETE FROM person_lists WHERE account_id = $1", account)
        try execute("DELETE FROM galleries WHERE id = ANY($1)", galleries)
        // Tokens, ended sessions, groups and sources go with the row.
        try execute("DELETE FROM accounts WHERE id = $1", account)
        return RemovedAccount(lists: lists, persons: persons.count, pictures: pictures)
    }
}
