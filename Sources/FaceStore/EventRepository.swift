public import FaceModel
public import Foundation
public import Postgres

/// The events that were raised.
public struct EventRepository: Sendable {
    private let pool: PostgresPool

    /// The events of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// The newest events of a period, newest first.
    ///
    /// - Parameters:
    ///   - name: only events of this name.
    ///   - camera: only events of this camera, case of ASCII letters aside.
    public func newest(
        _ limit: Int, from: Date?, to: Date?, name: String?, camera: String?
    ) async throws(PostgresError) -> [PlatformEvent] {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                """
                SELECT id, name, raised_at, camera_id, camera_name, parameters FROM events
                WHERE raised_at BETWEEN $1 AND $2 AND ($3::text IS NULL OR name = $3)
                    AND ($5::text IS NULL OR lower(camera_id COLLATE "C") = lower($5 COLLATE "C"))
                ORDER BY raised_at DESC, number DESC LIMIT $4
                """, from ?? .distantPast, to ?? .distantFuture, name, limit, camera
            ).map { row throws(PostgresError) -> PlatformEvent? in
                guard let name = PlatformEvent.Name(rawValue: try row.decode(1)) else { return nil }
                let parameters = try? JSONDecoder().decode(
                    [String: String].self, from: Data(row.decode(5, as: JSONText.self).text.utf8))
                return PlatformEvent(
                    id: try row.decode(0), name: name, raisedAt: try row.decode(2), cameraID: try row.decode(3),
                    cameraName: try row.decode(4), parameters: parameters ?? [:])
            }.compactMap(\.self)
        }
    }

    /// Deletes the events that were raised before a moment.
    ///
    /// - Parameter limit: how many at most.
    /// - Returns: how many there were.
    public func removeOlder(than moment: Date, limit: Int) async throws(PostgresError) -> Int {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                "DELETE FROM events WHERE number IN (SELECT number FROM events WHERE raised_at < $1 LIMIT $2)", moment,
                limit)
        }
    }
}

extension PostgresConnection {
    func insert(_ events: [PlatformEvent]) throws(PostgresError) {
        for event in events {
            let parameters = (try? JSONEncoder().encode(event.parameters)) ?? Data("{}".utf8)
            try execute(
                """
                INSERT INTO events (id, name, raised_at, camera_id, camera_name, parameters)
                VALUES ($1, $2, $3, $4, $5, $6)
                """, event.id, event.name.rawValue, event.raisedAt, event.cameraID, event.cameraName,
                JSONText(String(decoding: parameters, as: UTF8.self)))
        }
    }
}
