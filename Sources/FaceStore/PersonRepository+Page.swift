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
    ///   - mostBytes: how many bytes the texts of the page may have; see ``PersonSlice/isTooLarge``.
    public func page(
        _ query: PersonQuery, offset: Int, limit: Int, mostBytes: Int = .max
    ) async throws(PostgresError) -> PersonSlice {
        try await slice(limit: limit, mostBytes: mostBytes) { connection, columns throws(PostgresError) in
            if query.keys != nil || !query.platformUserIDs.isEmpty {
                return try connection.page(columns, byKeys: query, offset: offset, limit: limit)
            }
            if let department = query.department {
                return try connection.page(
                    columns, department: department, of: query.gallery, offset: offset, limit: limit)
            }
            return try connection.page(columns, everyoneOf: query.gallery, offset: offset, limit: limit)
        }
    }

    /// How many persons are read at a time.
    private static let batchSize = 512

    /// Reads a page by a query that gives the total and some columns of each person `p`.
    ///
    /// A large page is read in batches, and only as many of them as may be in memory.
    func slice(
        limit: Int, mostBytes: Int,
        _ page:
            @escaping @Sendable (borrowing PostgresConnection, _ columns: String) throws(PostgresError) ->
            PostgresResult
    ) async throws(PostgresError) -> PersonSlice {
        guard limit > Self.batchSize else {
            return try await pool.read { connection throws(PostgresError) in
                let (total, persons) = try page(connection, PersonRow.columns).page(PersonRow.read)
                return PersonSlice(persons: persons, total: total)
            }
        }
        return try await pool.withConnection { connection throws(PostgresError) in
            try connection.transaction { () throws(PostgresError) in
                try connection.runScript("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                let (total, ids) = try page(connection, "p.id").page { row, column throws(PostgresError) in
                    try row.decode(column, as: UUID.self)
                }
                var persons: [Person] = []
                var bytes = 0
                for start in stride(from: 0, to: ids.count, by: Self.batchSize) {
                    let batch = Array(ids[start..<min(start + Self.batchSize, ids.count)])
                    persons += try connection.persons(batch)
                    bytes += persons[start...].reduce(0) { $0 + $1.texts.byteCount }
                    if bytes > mostBytes { return PersonSlice(persons: persons, total: total, isTooLarge: true) }
                }
                return PersonSlice(persons: persons, total: total)
            }
        }
    }
}

extension PostgresResult {
    /// The total in the first column, and what is read from the columns behind it; a row of NULLs has the total only.
    fileprivate borrowing func page<T>(
        _ read: (borrowing PostgresRow, _ column: Int) throws(PostgresError) -> T
    ) throws(PostgresError) -> (total: Int, rows: [T]) {
        let total = try scalar(Int.self)
        let rows = try map { row throws(PostgresError) -> T? in
            guard try row.decode(1, as: UUID?.self) != nil else { return nil }
            return try read(row, 1)
        }
        return (total, rows.compactMap(\.self))
    }
}

extension PostgresConnection {
    /// The persons with these ids, in their order; ids that are gone are left out.
    fileprivate func persons(_ ids: [UUID]) throws(PostgresError) -> [Person] {
        try query(
            """
            SELECT \(PersonRow.columns)
            FROM unnest($1) WITH ORDINALITY AS wanted (id, place) JOIN persons AS p ON p.id = wanted.id
            ORDER BY wanted.place
            """, ids
        ).map(PersonRow.read)
    }

    // The ids of a page are looked up first, so that skipped rows are never fetched. Rows and total are one statement:
    // where the page is empty the total stands alone on a row of NULLs.
    fileprivate func page(
        _ columns: String, everyoneOf gallery: UUID, offset: Int, limit: Int
    ) throws(PostgresError) -> PostgresResult {
        try query(
            """
            SELECT total.count, \(columns)
            FROM (SELECT count(*) AS count FROM persons WHERE gallery_id = $1) AS total
            LEFT JOIN (
                SELECT id FROM persons WHERE gallery_id = $1
                ORDER BY created_at DESC, position DESC OFFSET $2 LIMIT $3
            ) AS page ON true
            LEFT JOIN persons AS p ON p.id = page.id
            ORDER BY p.created_at DESC, p.position DESC
            """, gallery, offset, limit)
    }

    fileprivate func page(
        _ columns: String, department: String, of gallery: UUID, offset: Int, limit: Int
    ) throws(PostgresError) -> PostgresResult {
        try query(
            """
            SELECT total.count, \(columns)
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
            """, gallery, offset, limit, department)
    }

    fileprivate func page(
        _ columns: String, byKeys wanted: PersonQuery, offset: Int, limit: Int
    ) throws(PostgresError) -> PostgresResult {
        let keys = SplitKeys(wanted.keys ?? [])
        return try query(
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
            SELECT total.count, \(columns)
            FROM (SELECT count(*) AS count FROM wanted) AS total
            LEFT JOIN (
                SELECT id FROM wanted ORDER BY created_at DESC, position DESC OFFSET $6 LIMIT $7
            ) AS page ON true
            LEFT JOIN persons AS p ON p.id = page.id
            ORDER BY p.created_at DESC, p.position DESC
            """, wanted.gallery, keys.ids, keys.externalIDs, wanted.platformUserIDs, wanted.department, offset,
            limit)
    }
}
