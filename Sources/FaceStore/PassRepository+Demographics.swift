public import FaceModel
public import Foundation
public import Postgres

extension PassRepository {
    /// Counts passes by period, age and gender: periods in time order, ages ascending; empty periods are left out.
    ///
    /// - Parameter zone: where days, months and years begin at midnight.
    public func demographics(
        _ filter: PassFilter, per period: Demographics.Period, in zone: TimeZone
    ) async throws(PostgresError) -> [Demographics] {
        let filter = FilterParameters(filter)
        return try await pool.read { connection throws(PostgresError) in
            try connection.query(
                """
                SELECT date_trunc($8, p.captured_at, $9) AS start, floor(coalesce(p.age, 0))::integer AS years,
                    p.gender, count(*)
                FROM passes AS p WHERE \(FilterParameters.condition)
                GROUP BY start, years, p.gender ORDER BY start, years, p.gender
                """,
                filter.from, filter.to, filter.cameraIDs, filter.genders, filter.minimumAge, filter.maximumAge,
                filter.isRecognised, period.rawValue, zone.identifier
            ).map { row throws(PostgresError) in
                Demographics(
                    start: try row.decode(0), age: try row.decode(1), gender: Gender(code: try row.decode(2)),
                    count: try row.decode(3))
            }
        }
    }
}
