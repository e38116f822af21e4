public import Foundation
public import Postgres

/// A photo as it is stored.
public struct ImageRecord: Sendable {
    /// The photo's own id.
    public let id: UUID
    /// The file.
    public let bytes: [UInt8]
    /// Its media type.
    public let mediaType: String
    /// When it was stored.
    public let createdAt: Date
}

/// The stored photos.
public struct ImageRepository: Sendable {
    private let pool: PostgresPool

    /// The photos of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// The photo with this id, or else the reference photo of the person with this id.
    public func find(_ id: UUID) async throws(PostgresError) -> ImageRecord? {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                """
                SELECT id, bytes, media_type, created_at FROM images
                WHERE id = coalesce(
                    (SELECT id FROM images WHERE id = $1), (SELECT image_id FROM persons WHERE id = $1))
                """, id
            ).first { row throws(PostgresError) in
                ImageRecord(
                    id: try row.decode(0), bytes: try row.decode(1), mediaType: try row.decode(2),
                    createdAt: try row.decode(3))
            }
        }
    }

    /// Whether there is a face, or a person, with this id.
    public func hasFace(_ id: UUID) async throws(PostgresError) -> Bool {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                "SELECT EXISTS (SELECT FROM faces WHERE id = $1) OR EXISTS (SELECT FROM persons WHERE id = $1)", id
            ).scalar(Bool.self)
        }
    }

    /// Deletes the photos and thumbnails of some faces; the faces stay.
    public func remove(of faces: [UUID]) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.removeImages(faces)
            try connection.execute("DELETE FROM thumbnails WHERE face_id = ANY($1)", faces)
        }
    }
}
