public import FaceModel
public import Foundation
public import Postgres

/// The known cameras.
public struct CameraRepository: Sendable {
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

    /// The camera with an id, letter case aside.
    public func find(_ id: String) async throws(PostgresError) -> Camera? {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT id, name FROM cameras WHERE lower(id) = lower($1) ORDER BY number LIMIT 1", id)
                .first(Self.camera)
        }
    }

    /// Adds a camera.
    ///
    /// - Returns: whether it is new; an id that is taken, letter case aside, changes nothing.
    public func add(_ camera: Camera, at time: Date) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                """
                INSERT INTO cameras (id, name, created_at)
                SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM cameras WHERE lower(id) = lower($1))
                ON CONFLICT DO NOTHING
                """, camera.id, camera.name, time) > 0
        }
    }

    /// Gives a camera another name.
    ///
    /// - Returns: whether there is such a camera.
    public func rename(_ id: String, to name: String) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute("UPDATE cameras SET name = $2 WHERE lower(id) = lower($1)", id, name) > 0
        }
    }

    /// Forgets a camera; its passes stay.
    ///
    /// - Returns: whether there was such a camera.
    public func remove(_ id: String) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute("DELETE FROM cameras WHERE lower(id) = lower($1)", id) > 0
        }
    }

    private static func camera(_ row: borrowing PostgresRow) throws(PostgresError) -> Camera {
        Camera(id: try row.decode(0), name: try row.decode(1))
    }
}
