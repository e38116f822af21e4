import FaceModel
import Foundation
public import Postgres

extension PersonRepository {
    /// One page of persons, newest first, and how many there are in all.
    ///
    /// Both numbers come from one moment of the database.
    ///
    /// - Parameters:
    ///   - offset: how many persons to skip, 0 or more.
    ///   - limit: how many persons the page holds at most, 0 or more.
    public func page(_ query: PersonQuery, offset: Int, limit: Int) async throws(PostgresError) -> PersonSlice {
        let wantsKeys = query.keys != nil || !query.platformUserIDs.isEmpty
        return try await pool.read { connection throws(PostgresError) in
            if wantsKeys { return try connection.page(byKeys: query, offset: offset, limit: limit) }
            if let department = query.department {
                return try connection.page(department: department, of: query.gallery, offset: offset, limit: limit)
            }
            return try connection.page(everyoneOf: query.gallery, offset: offset, limit: limit)
        }
    }
}

extension PostgresConnection {
    // The ids of a page are looked up first, so that skipped rows are never fetched. Rows and total are one statement:
    // where the page is empty the total stands alone on a row of NULLs.
    fileprivate func page(everyoneOf gallery: UUID, offset: Int, limit: Int) throws(PostgresError) -> PersonSlice {
        try slice(
            query(
                """
                SELECT total.count, \(PersonRow.columns)
                FROM (SELECT count(*) AS count FROM persons WHERE gallery_id = $1) AS total
                LEFT JOIN (
                    SELECT id FROM persons WHERE gallery_id = $1
                    ORDER BY created_at DESC, position DESC OFFSET $2 LIMIT $3
                ) AS page ON true
                LEFT JOIN persons AS p ON p.id = page.id
                ORDER BY p.created_at DESC, p.position DESC
                """, gallery, offset, limit))
    }

    fileprivate func page(
        department: String, of gallery: UUID, offset: Int, limit: Int
    ) throws(PostgresError) -> PersonSlice {
        try slice(
            query(
                """
                SELECT total.count, \(PersonRow.columns)
                FROM (
                    SELECT count(*) AS count FROM persons
                    WHERE gallery_id = $1 AND md5(department) = md5($4) AND department = $4
                ) AS total
                LEFT JOIN (
                    SELECT id FROM persons
                    WHERE gallery_id = $1 AND md5(department) = md5($4) AND department = $4
                    ORDER BY created_at DESC, position DESC OFFSET $2 LIMIT $3
                ) AS page ON true
                LEFT JOIN persons AS p ON p.id = page.id
                ORDER BY p.created_at DESC, p.position DESC
                """, gallery, offset, limit, department))
    }

    fileprivate func page(byKeys wanted: PersonQuery, offset: Int, limit: Int) throws(PostgresError) -> PersonSlice {
        let keys = SplitKeys(wanted.keys ?? [])
        return try slice(
            query(
                """
                WITH wanted AS MATERIALIZED (
                    SELECT p.id, p.created_at, p.position FROM persons AS p
                    WHERE p.id IN (
                        SELECT id FROM persons WHERE id = ANY($2)
                        UNION
                        SELECT e.id FROM unnest($3) AS key (text) JOIN persons AS e
                        ON e.gallery_id = $1 AND md5(e.external_id) = md5(key.text) AND e.external_id = key.text
                        UNION
                        SELECT id FROM persons WHERE platform_user_id = ANY($4)
                    ) AND p.gallery_id = $1 AND ($5::text IS NULL OR p.department = $5)
                )
                SELECT total.count, \(PersonRow.columns)
                FROM (SELECT count(*) AS count FROM wanted) AS total
                LEFT JOIN (
                    SELECT id FROM wanted ORDER BY created_at DESC, position DESC OFFSET $6 LIMIT $7
                ) AS page ON true
                LEFT JOIN persons AS p ON p.id = page.id
                ORDER BY p.created_at DESC, p.position DESC
                """, wanted.gallery, keys.ids, keys.externalIDs, wanted.platformUserIDs, wanted.department, offset,
                limit))
    }

    func slice(_ result: consuming PostgresResult) throws(PostgresError) -> PersonSlice {
        let total = try result.scalar(Int.self)
        let persons = try result.map { row throws(PostgresError) -> Person? in
            guard try row.decode(1, as: UUID?.self) != nil else { return nil }
            return try PersonRow.read(row, from: 1)
        }
        return PersonSlice(persons: persons.compactMap(\.self), total: total)
    }
}
