public import FaceModel
public import Foundation
public import Postgres

/// A person that was stored.
public struct StoredPerson: Sendable {
    /// The person as stored.
    public let person: Person
    /// The faces that the person had before and that are deleted with their photos; empty for a new person.
    public let removedFaces: [UUID]
}

extension PersonRepository {
    /// Stores a person with the reference face and its photo, all or nothing.
    ///
    /// A key that a person of this gallery has replaces that person: texts, photo, face, time and place in the list
    /// become new; counters and the platform user's number stay.
    ///
    /// - Throws: ``PostgresError/statementFailed(_:_:)`` with ``SQLState/uniqueViolation`` when another gallery has
    ///   a person with this UUID, ``SQLState/foreignKeyViolation`` for an unknown gallery.
    public func put(
        _ record: PersonRecord, face: FaceRecord, in gallery: UUID
    ) async throws(PostgresError) -> StoredPerson {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                "INSERT INTO images (id, bytes, media_type, created_at) VALUES ($1, $2, $3, $4)",
                face.id, face.image, face.mediaType, record.createdAt)
            var removed: [UUID] = []
            var stored = try connection.insert(record, image: face.id, in: gallery)
            // Whoever has the key may be deleted between the two statements: then the key is free again.
            for _ in 0..<3 where stored == nil {
                if let found = try connection.lock(record.key, in: gallery) {
                    removed = try connection.removeFaces(of: found)
                    stored = try connection.replace(found, with: record, image: face.id)
                    try connection.removeImages(removed)
                } else {
                    stored = try connection.insert(record, image: face.id, in: gallery)
                }
            }
            guard let stored else {
                throw .statementFailed(.uniqueViolation, PostgresDiagnostics(constraint: "persons_pkey"))
            }
            try connection.insert(face, of: stored)
            return StoredPerson(person: stored, removedFaces: removed)
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
    fileprivate func lock(_ key: PersonKey, in gallery: UUID) throws(PostgresError) -> UUID? {
        let keys = SplitKeys([key])
        return try query(
            "SELECT p.id FROM persons AS p WHERE \(PersonRow.matchesKeys) FOR UPDATE OF p",
            gallery, keys.ids, keys.externalIDs
        ).first { row throws(PostgresError) in try row.decode(0) }
    }

    fileprivate func removeFaces(of person: UUID) throws(PostgresError) -> [UUID] {
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

    fileprivate func insert(_ face: FaceRecord, of person: Person) throws(PostgresError) {
        try execute(
            """
            INSERT INTO faces (id, person_id, gallery_id, embedding, model_id, quality, box, landmarks)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            face.id, person.id, person.galleryID, face.embedding.littleEndianBytes, face.model.number, face.quality,
            face.box?.columns, face.landmarks?.columns)
    }

    func removeImages(_ ids: [UUID]) throws(PostgresError) {
        guard !ids.isEmpty else { return }
        try execute("DELETE FROM images WHERE id = ANY($1)", ids)
    }
}
