public import FaceModel
public import Foundation
public import Postgres

/// A person that was stored.
public struct StoredPerson: Sendable {
    /// The person as stored.
    public let person: Person
    /// The faces that the person had before and that are deleted with their photos; empty for a new person.
    public let removedFaces: [UUID]
    /// Whether nobody had the key before.
    public let isNew: Bool
}

extension PersonRepository {
    /// What belongs to a person in tables that only one dialect has; part of the same transaction.
    public typealias Companion = @Sendable (borrowing PostgresConnection, Person) throws(PostgresError) -> Void

    /// Stores a person with the reference face and its photo, all or nothing; see ``put(_:faces:in:also:)``.
    public func put(
        _ record: PersonRecord, face: FaceRecord, in gallery: UUID
    ) async throws(PostgresError) -> StoredPerson {
        try await put(record, faces: [face], in: gallery)
    }

    /// Stores a person with faces and photos, all or nothing; the first face is the reference face.
    ///
    /// A key that a person of this gallery has replaces that person: texts, photos, faces, time and place in the list
    /// become new; counters and the platform user's number stay.
    ///
    /// - Parameter also: stores what else belongs to the person, within the transaction.
    /// - Throws: ``PostgresError/statementFailed(_:_:)`` with ``SQLState/uniqueViolation`` when another gallery has
    ///   a person with this UUID, ``SQLState/foreignKeyViolation`` for an unknown gallery.
    /// - Precondition: there is a face.
    public func put(
        _ record: PersonRecord, faces: [FaceRecord], in gallery: UUID, also: Companion? = nil
    ) async throws(PostgresError) -> StoredPerson {
        guard let reference = faces.first?.id else { preconditionFailure("a person has a face") }
        return try await pool.transaction { connection throws(PostgresError) in
            var removed: [UUID] = []
            var stored = try connection.insert(record, image: reference, in: gallery)
            var isNew = true
            // Whoever has the key may be deleted between the two statements: then the key is free again.
            for _ in 0..<3 where stored == nil {
                if let found = try connection.lock(record.key, in: gallery) {
                    isNew = false
                    removed = try connection.removeFaces(of: found)
                    stored = try connection.replace(found, with: record, image: reference)
                    try connection.removeImages(removed)
                } else {
                    isNew = true
                    stored = try connection.insert(record, image: reference, in: gallery)
                }
            }
            guard let stored else {
                throw .statementFailed(.uniqueViolation, PostgresDiagnostics(constraint: "persons_pkey"))
            }
            for face in faces { try connection.insert(face, of: stored, at: record.createdAt) }
            try also?(connection, stored)
            return StoredPerson(person: stored, removedFaces: removed, isNew: isNew)
        }
    }
}

extension PostgresConnection {
    /// Adds a person; `nil` when somebody has the key.
    fileprivate func insert(
        _ record: PersonRecord, image: UUID, in gallery: UUID
    ) throws(PostgresError) -> Person? {
        let (id, externalID) =
            switch record.key {
            case .id(let id): (id, String?.none)
            case .external(let text): (record.newID, .some(text))
            }
        let texts = record.texts
        return try query(
            """
            INSERT INTO persons AS p (
                id, gallery_id, external_id, name, surname, patronymic, department, comment, auto_created, created_at,
                image_id, platform_user_id, attributes)
            VALUES (
                $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
                CASE WHEN $12 THEN nextval('platform_user_ids') END, coalesce($13, '{}'))
            ON CONFLICT DO NOTHING
            RETURNING \(PersonRow.columns)
            """,
            id, gallery, externalID, texts.name, texts.surname, texts.patronymic, texts.department, texts.comment,
            record.autoCreated, record.createdAt, image, record.isPlatformUser, record.attributes.map(JSONText.init)
        ).first(PersonRow.read)
    }

    /// The id of the person with a key, locked until the transaction ends.
    func lock(_ key: PersonKey, in gallery: UUID) throws(PostgresError) -> UUID? {
        let keys = SplitKeys([key])
        return try query(
            "SELECT p.id FROM persons AS p WHERE \(PersonRow.matchesKeys) FOR UPDATE OF p",
            gallery, keys.ids, keys.externalIDs
        ).first { row throws(PostgresError) in try row.decode(0) }
    }

    func removeFaces(of person: UUID) throws(PostgresError) -> [UUID] {
        try query("DELETE FROM faces WHERE person_id = $1 RETURNING id", person).map {
            row throws(PostgresError) in try row.decode(0)
        }
    }

    fileprivate func replace(
        _ id: UUID, with record: PersonRecord, image: UUID
    ) throws(PostgresError) -> Person? {
        let texts = record.texts
        return try query(
            """
            UPDATE persons AS p SET
                name = $2, surname = $3, patronymic = $4, department = $5, comment = $6, auto_created = $7,
                created_at = $8, image_id = $9, position = nextval('person_positions'),
                platform_user_id = CASE WHEN $10 THEN coalesce(platform_user_id, nextval('platform_user_ids'))
                    ELSE platform_user_id END,
                attributes = coalesce($11, attributes)
            WHERE p.id = $1
            RETURNING \(PersonRow.columns)
            """,
            id, texts.name, texts.surname, texts.patronymic, texts.department, texts.comment, record.autoCreated,
            record.createdAt, image, record.isPlatformUser, record.attributes.map(JSONText.init)
        ).first(PersonRow.read)
    }

    /// Adds a face, and its photo and thumbnail where they are kept.
    func insert(_ face: FaceRecord, of person: Person, at time: Date) throws(PostgresError) {
        if let image = face.image {
            try execute(
                "INSERT INTO images (id, bytes, media_type, created_at) VALUES ($1, $2, $3, $4)",
                face.id, image, face.mediaType, time)
        }
        try execute(
            """
            INSERT INTO faces (
                id, person_id, gallery_id, embedding, model_id, quality, box, landmarks, pose, weight)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            face.id, person.id, person.galleryID, face.embedding.littleEndianBytes, face.model.number, face.quality,
            face.box?.columns, face.landmarks?.columns, face.pose?.columns, face.weight)
        if let thumbnail = face.thumbnail {
            try execute("INSERT INTO thumbnails (face_id, bytes) VALUES ($1, $2)", face.id, thumbnail)
        }
    }

    /// - Returns: how many there were.
    @discardableResult
    func removeImages(_ ids: [UUID]) throws(PostgresError) -> Int {
        guard !ids.isEmpty else { return 0 }
        return try execute("DELETE FROM images WHERE id = ANY($1)", ids)
    }
}
