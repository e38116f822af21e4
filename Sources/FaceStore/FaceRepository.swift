public import FaceModel
public import Foundation
public import Postgres

/// Whose face an embedding is.
public struct FaceKey: Sendable, Hashable {
    /// The face, which is also its photo's id.
    public let face: UUID
    /// The person.
    public let person: UUID
    /// The person's gallery.
    public let gallery: UUID
    /// The model that made the embedding.
    public let model: ModelID

    /// A key from its parts.
    public init(face: UUID, person: UUID, gallery: UUID, model: ModelID) {
        self.face = face
        self.person = person
        self.gallery = gallery
        self.model = model
    }
}

/// The stored embeddings.
public struct FaceRepository: Sendable {
    private let pool: PostgresPool

    /// The faces of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// Reads all faces of all galleries in the order of their insertion.
    ///
    /// One binary COPY; nothing is copied on the way. `body` runs on a thread of the pool and reads the embedding,
    /// little-endian 32-bit floats, where it lies.
    ///
    /// - Returns: the number of faces.
    @discardableResult
    public func stream(
        _ body: @escaping @Sendable (FaceKey, RawSpan) throws(PostgresError) -> Void
    ) async throws(PostgresError) -> Int {
        try await pool.withConnection { connection throws(PostgresError) in
            try connection.withoutTimeLimits { () throws(PostgresError) in
                try connection.copyOut(
                    """
                    COPY (SELECT id, person_id, gallery_id, model_id, embedding FROM faces ORDER BY number)
                    TO STDOUT (FORMAT binary)
                    """
                ) { row throws(PostgresError) in
                    let key = FaceKey(
                        face: try row.decode(0), person: try row.decode(1), gallery: try row.decode(2),
                        model: ModelID(number: try row.decode(3)))
                    _ = try row.withBytes(4) { bytes throws(PostgresError) in try body(key, bytes) }
                }
            }
        }
    }

    /// The five alignment points of a face in its photo; `nil` where they are not known.
    public func landmarks(of face: UUID) async throws(PostgresError) -> Landmarks? {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT landmarks FROM faces WHERE id = $1", face).first { row throws(PostgresError) in
                try row.decode(0, as: [Float]?.self)
            }
        }?.flatMap(Landmarks.init(columns:))
    }

    /// The faces that another model made, oldest first: those that must be embedded anew from their photos.
    public func madeByOthers(than model: ModelID) async throws(PostgresError) -> [FaceKey] {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                """
                SELECT id, person_id, gallery_id, model_id FROM faces WHERE model_id <> $1 ORDER BY number
                """, model.number
            ).map { row throws(PostgresError) in
                FaceKey(
                    face: try row.decode(0), person: try row.decode(1), gallery: try row.decode(2),
                    model: ModelID(number: try row.decode(3)))
            }
        }
    }

    /// Puts another embedding in the place of the stored one.
    ///
    /// - Parameter weight: how many embeddings went into it.
    /// - Returns: whether the face is still there.
    public func replaceEmbedding(
        of face: UUID, with embedding: Embedding, model: ModelID, weight: Int = 1
    ) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                "UPDATE faces SET embedding = $2, model_id = $3, weight = $4 WHERE id = $1",
                face, embedding.littleEndianBytes, model.number, weight) > 0
        }
    }
}
