public import Foundation
public import Postgres

/// Recognitions of one person that are to be counted.
public struct RecognitionTally: Sendable {
    /// The person.
    public var person: UUID
    /// How many recognitions are added.
    public var count: Int
    /// The time of the latest one; whole milliseconds.
    public var latest: Date

    /// A tally from its parts.
    public init(person: UUID, count: Int, latest: Date) {
        self.person = person
        self.count = count
        self.latest = latest
    }
}

/// How often a person was recognised, and when last.
public struct RecognitionCount: Sendable, Hashable {
    /// The number of recognitions.
    public let count: Int
    /// The time of the latest one.
    public let latest: Date?
}

/// Counts how often persons are recognised.
public struct RecognitionCounter: Sendable {
    private let pool: PostgresPool

    /// The counters of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// Adds recognitions in one statement; persons that are gone are passed over, and a time never goes back.
    ///
    /// Counting is no idempotent work: it is not repeated when the connection breaks during COMMIT.
    ///
    /// - Returns: where the persons stand afterwards.
    @discardableResult
    public func add(_ tallies: [RecognitionTally]) async throws(PostgresError) -> [UUID: RecognitionCount] {
        try await pool.transaction { connection throws(PostgresError) in try connection.add(tallies) }
    }
}

extension PostgresConnection {
    /// Adds recognitions as part of a transaction.
    @discardableResult
    func add(_ tallies: [RecognitionTally]) throws(PostgresError) -> [UUID: RecognitionCount] {
        guard !tallies.isEmpty else { return [:] }
        // Several tallies of a person become one row, since UPDATE takes only one of several; rows are locked in the
        // order of the ids, as everywhere.
        let rows = try query(
            """
            WITH tally AS (
                SELECT id, sum(count)::bigint AS count, max(latest) AS latest
                FROM unnest($1, $2, $3) AS given (id, count, latest) GROUP BY id
            ), locked AS MATERIALIZED (
                SELECT p.id FROM persons AS p JOIN tally USING (id) ORDER BY p.id FOR NO KEY UPDATE OF p
            )
            UPDATE persons AS p SET
                recognition_count = p.recognition_count + tally.count,
                last_recognition_at = greatest(p.last_recognition_at, tally.latest)
            FROM locked JOIN tally USING (id) WHERE p.id = locked.id
            RETURNING p.id, p.recognition_count, p.last_recognition_at
            """, tallies.map(\.person), tallies.map(\.count), tallies.map(\.latest)
        ).map { row throws(PostgresError) in
            (
                try row.decode(0, as: UUID.self),
                RecognitionCount(count: try row.decode(1), latest: try row.decode(2))
            )
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }
}
