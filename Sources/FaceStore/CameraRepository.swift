public import FaceModel
public import Foundation
public import Postgres

/// The known cameras.
public struct CameraRepository: Sendable {
    /// Letters of ASCII only, the same in every database: `lower` depends on the locale otherwise.
    private static let hasID = #"lower(id COLLATE "C") = lower($1 COLLATE "C")"#

    private let pool: PostgresPool

    /// The cameras of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// All cameras in the order in which they were added.
    public func all() async throws(PostgresError) -> [Camera] {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT id, name FROM cameras ORDER BY number").map(Self.camera)
        }
    }

    /// The camera with an id, case of ASCII letters aside.
    public func find(_ id: String) async throws(PostgresError) -> Camera? {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT id, name FROM cameras WHERE \(Self.hasID) ORDER BY number LIMIT 1", id)
                .first(Self.camera)
        }
    }

    /// Adds a camera.
    ///
    /// - Returns: whether it is new; an id that is taken, case of ASCII letters aside, changes nothing.
    public func add(_ camera: Camera, at time: Date) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                """
                INSERT INTO cameras (id, name, created_at)
                SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM cameras WHERE \(Self.hasID))
                ON CONFLICT DO NOTHING
                """, camera.id, camera.name, time) > 0
        }
    }

    /// Gives a camera another name.
    ///
    /// - Returns: whether there is such a camera.
    public func rename(_ id: String, to name: String) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute("UPDATE cameras SET name = $2 WHERE \(Self.hasID)", id, name) > 0
        }
    }

    /// Forgets a camera; its passes stay.
    ///
    /// - Returns: whether there was such a camera.
    public func remove(_ id: String) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute("DELETE FROM cameras WHERE \(Self.hasID)", id) > 0
        }
    }

    private static func camera(_ row: borrowing PostgresRow) throws(PostgresError) -> Camera {
        Camera(id: try row.decode(0), name: try row.decode(1))
    }
}
