public import FaceModel
public import Foundation
public import Postgres

extension PersonRepository {
    /// One page of the persons with a text, newest first; every row of the gallery is looked at.
    ///
    /// - Parameter mostBytes: how many bytes the texts of the page may have; see ``PersonSlice/isTooLarge``.
    public func page(
        _ search: PersonSearch, of gallery: UUID, offset: Int, limit: Int, mostBytes: Int = .max
    ) async throws(PostgresError) -> PersonSlice {
        let matches =
            switch search.field {
            case nil:
                "strpos(lower(concat_ws(E'\\n', surname, name, patronymic, department, comment)), lower($4)) > 0"
            case .name: "lower(name) = lower($4)"
            case .surname: "lower(surname) = lower($4)"
            case .patronymic: "lower(patronymic) = lower($4)"
            case .department: "lower(department) = lower($4)"
            case .comment: "lower(comment) = lower($4)"
            }
        return try await slice(limit: limit, mostBytes: mostBytes) { connection, columns throws(PostgresError) in
            try connection.query(
                """
                WITH wanted AS MATERIALIZED (
                    SELECT id, created_at, position FROM persons WHERE gallery_id = $1 AND \(matches)
                )
                SELECT total.count, \(columns)
                FROM (SELECT count(*) AS count FROM wanted) AS total
                LEFT JOIN (
                    SELECT id FROM wanted ORDER BY created_at DESC, position DESC OFFSET $2 LIMIT $3
                ) AS page ON true
                LEFT JOIN persons AS p ON p.id = page.id
                ORDER BY p.created_at DESC, p.position DESC
                """, gallery, offset, limit, search.text)
        }
    }
}
