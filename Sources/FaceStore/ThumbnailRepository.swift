public import Foundation
public import Postgres

/// The stored thumbnails: aligned faces as small JPEG files.
public struct ThumbnailRepository: Sendable {
    private let pool: PostgresPool

    /// The thumbnails of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// The thumbnails of some faces; faces without one are left out.
    public func find(_ faces: [UUID]) async throws(PostgresError) -> [UUID: [UInt8]] {
        guard !faces.isEmpty else { return [:] }
        let pairs = try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT face_id, bytes FROM thumbnails WHERE face_id = ANY($1)", faces).map {
                row throws(PostgresError) in (try row.decode(0, as: UUID.self), try row.decode(1, as: [UInt8].self))
            }
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// Keeps a thumbnail of a face; one that is there stays, and a face whose photo is gone is passed over.
    ///
    /// Face and photo are locked, so that nobody takes them away meanwhile and leaves the thumbnail behind.
    public func add(_ bytes: [UInt8], of face: UUID) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                """
                INSERT INTO thumbnails (face_id, bytes)
                SELECT f.id, $2 FROM faces AS f JOIN images AS i ON i.id = f.id WHERE f.id = $1 FOR KEY SHARE
                ON CONFLICT DO NOTHING
                """, face, bytes)
        }
    }
}
