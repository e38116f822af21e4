public import FaceModel
public import Foundation
public import Postgres

/// Which faces of a person are meant.
public enum FaceSelection: Sendable {
    /// None of them.
    case none
    /// All of them.
    case all
    /// Those with these ids.
    case some([UUID])
}

/// A face that went to another gallery with its person.
public struct MovedFace: Sendable {
    /// The face.
    public let id: UUID
    /// Whose face it is.
    public let person: UUID
    /// The unit vector; `nil` where another model made it.
    public let embedding: Embedding?
}

/// A face as it is stored, without pictures.
public struct StoredFace: Sendable {
    /// The face, which is also its photo's id.
    public let id: UUID
    /// Whose face it is.
    public let person: UUID
    /// The unit vector.
    public let embedding: Embedding
    /// The model that made it.
    public let model: ModelID
    /// How well the face can be recognised, 0…1.
    public let quality: Float
    /// The five alignment points in pixels of the photo; `nil` for a face that came as a template.
    public let landmarks: Landmarks?
    /// How the head is turned; `nil` where it was not measured.
    public let pose: HeadPose?
    /// How many embeddings went into this one.
    public let weight: Int
    /// Whether its photo is kept.
    public let hasImage: Bool
}

extension PersonRepository {
    /// Adds and removes faces of a person; texts, counters and time of addition stay.
    ///
    /// The reference face becomes the oldest face that is left.
    ///
    /// - Parameter also: stores what else belongs to the change, within the transaction.
    /// - Returns: the person and the faces that are gone with their photos; `nil` when nobody has the key.
    /// - Precondition: a face is left.
    public func changeFaces(
        of key: PersonKey, in gallery: UUID, adding: [FaceRecord], removing: FaceSelection, at time: Date,
        also: Companion? = nil
    ) async throws(PostgresError) -> StoredPerson? {
        try await pool.transaction { connection throws(PostgresError) in
            guard let id = try connection.lock(key, in: gallery) else { return nil }
            let removed = try connection.removeFaces(of: id, removing)
            try connection.removeImages(removed)
            let person = try connection.query(
                "SELECT \(PersonRow.columns) FROM persons AS p WHERE p.id = $1", id
            ).first(PersonRow.read)
            guard let person else { return nil }
            for face in adding { try connection.insert(face, of: person, at: time) }
            let changed = try connection.query(
                """
                UPDATE persons AS p SET image_id = (SELECT id FROM faces WHERE person_id = p.id ORDER BY number LIMIT 1)
                WHERE p.id = $1
                RETURNING \(PersonRow.columns)
                """, id
            ).first(PersonRow.read)
            guard let changed else { return nil }
            try also?(connection, changed)
            return StoredPerson(person: changed, removedFaces: removed, isNew: false)
        }
    }

    /// Moves a person to another gallery; id, faces and everything else stay, but collections, whose persons are those
    /// of the shared gallery.
    ///
    /// - Parameter model: whose embeddings are told.
    /// - Returns: the faces that moved; `nil` when nobody has the key in the first gallery.
    public func move(
        _ key: PersonKey, from gallery: UUID, to target: UUID, model: ModelID
    ) async throws(PostgresError) -> [MovedFace]? {
        try await pool.transaction { connection throws(PostgresError) in
            guard let id = try connection.lock(key, in: gallery) else { return nil }
            try connection.execute("UPDATE persons SET gallery_id = $2 WHERE id = $1", id, target)
            try connection.execute("DELETE FROM collection_members WHERE person_id = $1", id)
            return try connection.query(
                "SELECT id, person_id, CASE WHEN model_id = $2 THEN embedding END FROM faces WHERE person_id = $1", id,
                model.number
            ).map { row throws(PostgresError) in
                MovedFace(
                    id: try row.decode(0), person: try row.decode(1),
                    embedding: try row.decode(2, as: [UInt8]?.self).flatMap(Embedding.init(littleEndianBytes:)))
            }
        }
    }

    /// The faces of some persons, oldest first.
    public func faces(of persons: [UUID]) async throws(PostgresError) -> [StoredFace] {
        guard !persons.isEmpty else { return [] }
        return try await pool.read { connection throws(PostgresError) in
            try connection.query(
                """
                SELECT f.id, f.person_id, f.embedding, f.quality, f.landmarks, f.pose, f.weight,
                    EXISTS (SELECT FROM images AS i WHERE i.id = f.id), f.model_id
                FROM faces AS f WHERE f.person_id = ANY($1) ORDER BY f.number
                """, persons
            ).map { row throws(PostgresError) -> StoredFace? in
                guard let embedding = Embedding(littleEndianBytes: try row.decode(2)) else { return nil }
                return StoredFace(
                    id: try row.decode(0), person: try row.decode(1), embedding: embedding,
                    model: ModelID(number: try row.decode(8)), quality: try row.decode(3),
                    landmarks: try row.decode(4, as: [Float]?.self).flatMap(Landmarks.init(columns:)),
                    pose: try row.decode(5, as: [Float]?.self).flatMap(HeadPose.init(columns:)),
                    weight: try row.decode(6), hasImage: try row.decode(7))
            }.compactMap(\.self)
        }
    }
}

extension PostgresConnection {
    fileprivate func removeFaces(of person: UUID, _ selection: FaceSelection) throws(PostgresError) -> [UUID] {
        switch selection {
        case .none: []
        case .all: try removeFaces(of: person)
        case .some(let ids):
            try query("DELETE FROM faces WHERE person_id = $1 AND id = ANY($2) RETURNING id", person, ids).map {
                row throws(PostgresError) in try row.decode(0)
            }
        }
    }
}

extension Landmarks {
    init?(columns: [Float]) {
        guard columns.count == 10 else { return nil }
        func point(_ index: Int) -> Point { Point(x: columns[2 * index], y: columns[2 * index + 1]) }
        self.init(
            rightEye: point(0), leftEye: point(1), noseTip: point(2), rightMouthCorner: point(3),
            leftMouthCorner: point(4))
    }
}

extension HeadPose {
    init?(columns: [Float]) {
        guard columns.count == 3 else { return nil }
        self.init(yaw: columns[0], pitch: columns[1], roll: columns[2])
    }
}
