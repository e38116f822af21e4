import FaceModel
public import Foundation
public import Postgres

/// The recognition log.
public struct PassRepository: Sendable {
    let pool: PostgresPool

    /// The log of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// Writes what a frame brought: rows, pictures, counters and events, in one transaction.
    public func record(_ frame: FrameRecord) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            for record in frame.passes { try connection.insert(record) }
            for record in frame.improvements { try connection.improve(record) }
            try connection.add(frame.tallies)
            try connection.insert(frame.events)
        }
    }

    /// Deletes the rows that were captured before a moment, with their pictures.
    ///
    /// - Parameter limit: how many rows at most, so that nobody waits long for a lock.
    /// - Returns: how many there were.
    public func removeOlder(than moment: Date, limit: Int) async throws(PostgresError) -> Int {
        try await pool.transaction { connection throws(PostgresError) in
            let ids = try connection.query(
                """
                DELETE FROM passes WHERE id IN (SELECT id FROM passes WHERE captured_at < $1 LIMIT $2) RETURNING id
                """, moment, limit
            ).map { row throws(PostgresError) in try row.decode(0, as: UUID.self) }
            try connection.removeImages(ids)
            return ids.count
        }
    }
}

extension PostgresConnection {
    fileprivate func insert(_ record: PassRecord) throws(PostgresError) {
        let pass = record.pass
        try execute(
            "INSERT INTO images (id, bytes, media_type, created_at) VALUES ($1, $2, 'image/jpeg', $3)", pass.id,
            record.picture, pass.capturedAt)
        try execute(
            """
            INSERT INTO passes (
                id, camera_id, camera_name, captured_at, age, gender, gender_confidence, quality, embedding, model_id,
                is_recognised)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            pass.id, pass.cameraID, pass.cameraName, pass.capturedAt, pass.attributes?.age,
            pass.attributes?.gender.code, pass.attributes?.genderConfidence, pass.quality,
            pass.embedding.littleEndianBytes, record.model.number, !pass.hits.isEmpty)
        try insertHits(of: pass)
    }

    /// Puts a better picture of the same pass in the place of the first one.
    fileprivate func improve(_ record: PassRecord) throws(PostgresError) {
        let pass = record.pass
        // A pass that retention took meanwhile stays away.
        let found = try execute(
            """
            UPDATE passes SET age = $2, gender = $3, gender_confidence = $4, quality = $5, embedding = $6,
                model_id = $7, is_recognised = $8 WHERE id = $1
            """,
            pass.id, pass.attributes?.age, pass.attributes?.gender.code, pass.attributes?.genderConfidence,
            pass.quality, pass.embedding.littleEndianBytes, record.model.number, !pass.hits.isEmpty)
        guard found > 0 else { return }
        try execute("UPDATE images SET bytes = $2 WHERE id = $1", pass.id, record.picture)
        try execute("DELETE FROM pass_hits WHERE pass_id = $1", pass.id)
        try insertHits(of: pass)
    }

    private func insertHits(of pass: Pass) throws(PostgresError) {
        for (rank, hit) in pass.hits.enumerated() {
            try execute(
                """
                INSERT INTO pass_hits (
                    pass_id, rank, person_id, external_id, image_id, platform_user_id, similarity, added_at, name,
                    surname, patronymic, department, comment)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                """,
                pass.id, rank, hit.personID, hit.externalID, hit.imageID, hit.platformUserID, hit.similarity,
                hit.addedAt, hit.texts.name, hit.texts.surname, hit.texts.patronymic, hit.texts.department,
                hit.texts.comment)
        }
    }
}

extension Gender {
    /// The column's number, which is the product's, too.
    var code: Int16 {
        switch self {
        case .male: 1
        case .female: 2
        }
    }

    init?(code: Int16?) {
        switch code {
        case 1: self = .male
        case 2: self = .female
        default: return nil
        }
    }
}
