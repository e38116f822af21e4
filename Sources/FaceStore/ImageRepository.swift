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

    /// The photo of a face, whichever gallery it is of.
    public func find(face id: UUID) async throws(PostgresError) -> ImageRecord? {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                "SELECT \(Self.columns) FROM images WHERE id = (SELECT id FROM faces WHERE id = $1)", id
            ).first(Self.read)
        }
    }

    /// A picture of a gallery or of the recognition log: that of a face, the reference photo of a person, or that of a
    /// pass, by their ids. Pictures of other galleries and of actions are nobody's here.
    public func find(_ id: UUID, in gallery: UUID) async throws(PostgresError) -> ImageRecord? {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                """
                SELECT \(Self.columns) FROM images WHERE id = coalesce(
                    (SELECT id FROM faces WHERE id = $1 AND gallery_id = $2), (SELECT id FROM passes WHERE id = $1),
                    (SELECT image_id FROM persons WHERE id = $1 AND gallery_id = $2))
                """, id, gallery
            ).first(Self.read)
        }
    }

    /// Whether a gallery has a face, or a person, with this id.
    public func hasFace(_ id: UUID, in gallery: UUID) async throws(PostgresError) -> Bool {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                """
                SELECT EXISTS (SELECT FROM faces WHERE id = $1 AND gallery_id = $2)
                    OR EXISTS (SELECT FROM persons WHERE id = $1 AND gallery_id = $2)
                """, id, gallery
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

    private static let columns = "id, bytes, media_type, created_at"

    private static func read(_ row: borrowing PostgresRow) throws(PostgresError) -> ImageRecord {
        ImageRecord(
            id: try row.decode(0), bytes: try row.decode(1), mediaType: try row.decode(2), createdAt: try row.decode(3))
    }
}
