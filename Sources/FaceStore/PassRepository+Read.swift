public import FaceModel
import Foundation
public import Postgres

extension PassRepository {
    /// In which order passes are read.
    public enum Order: Sendable {
        /// The latest capture first; equal times by insertion, the newest first.
        case newestFirst
        /// The earliest capture first; equal times by insertion.
        case oldestFirst
    }

    /// How many rows are in memory at a time.
    private static let batchSize = 512

    /// Reads passes in batches, all from one moment of the database.
    ///
    /// Only the ids of the page and one batch of rows are held, so that a page of 20,000 rows costs what its answer
    /// costs. `receive` runs on a thread of the pool. Nothing is repeated when the connection breaks: an error after
    /// the first batch leaves the page incomplete.
    ///
    /// - Parameters:
    ///   - offset: how many passes to skip, 0 or more.
    ///   - limit: how many passes at most, 0 or more.
    ///   - includesHits: whether the hits are read, too.
    ///   - receive: gets the passes in order, some at a time; says whether it wants more.
    /// - Returns: how many passes match on all pages.
    public func read(
        _ filter: PassFilter, order: Order = .newestFirst, offset: Int = 0, limit: Int = .max,
        includesHits: Bool = true, receive: @escaping @Sendable ([Pass]) -> Bool
    ) async throws(PostgresError) -> Int {
        try await pool.withConnection { connection throws(PostgresError) in
            try connection.transaction { () throws(PostgresError) in
                try connection.runScript("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                let ids = try connection.passIDs(filter, order: order, offset: offset, limit: limit)
                for start in stride(from: 0, to: ids.count, by: Self.batchSize) {
                    let batch = Array(ids[start..<min(start + Self.batchSize, ids.count)])
                    guard receive(try connection.passes(batch, includesHits: includesHits)) else { break }
                }
                // A page that holds everything has been counted.
                if offset == 0, ids.count < limit { return ids.count }
                return try connection.passCount(filter)
            }
        }
    }
}

/// A filter as the parameters of ``condition``.
struct FilterParameters {
    let from: Date
    let to: Date
    let cameraIDs: [String]
    let genders: [Int]
    let minimumAge: Double
    let maximumAge: Double
    let isRecognised: Bool?

    init(_ filter: PassFilter) {
        from = filter.from ?? .distantPast
        to = filter.to ?? .distantFuture
        cameraIDs = filter.cameraIDs
        genders = filter.genders.map { Int($0?.code ?? 0) }
        minimumAge = filter.minimumAge.map(Double.init) ?? 0
        // Inclusive: somebody of 30.6 years is 30.
        maximumAge = filter.maximumAge.map { Double($0) + 0.999_999 } ?? 1e9
        isRecognised = filter.isRecognised
    }

    /// The condition of the filter on a table `p`, with parameters `$1` to `$7`.
    static let condition = """
        p.captured_at BETWEEN $1 AND $2
        AND (cardinality($3) = 0
            OR lower(p.camera_id COLLATE "C") IN (SELECT lower(c COLLATE "C") FROM unnest($3) AS given (c)))
        AND (cardinality($4) = 0 OR coalesce(p.gender, 0) = ANY($4))
        AND coalesce(p.age, 0) >= $5 AND coalesce(p.age, 0) <= $6
        AND ($7::boolean IS NULL OR p.is_recognised = $7)
        """
}

extension PostgresConnection {
    fileprivate func passIDs(
        _ filter: PassFilter, order: PassRepository.Order, offset: Int, limit: Int
    ) throws(PostgresError) -> [UUID] {
        let filter = FilterParameters(filter)
        let direction =
            switch order {
            case .newestFirst: "DESC"
            case .oldestFirst: "ASC"
            }
        return try query(
            """
            SELECT p.id FROM passes AS p WHERE \(FilterParameters.condition)
            ORDER BY p.captured_at \(direction), p.number \(direction) OFFSET $8 LIMIT $9
            """,
            filter.from, filter.to, filter.cameraIDs, filter.genders, filter.minimumAge, filter.maximumAge,
            filter.isRecognised, offset, limit
        ).map { row throws(PostgresError) in try row.decode(0) }
    }

    fileprivate func passCount(_ filter: PassFilter) throws(PostgresError) -> Int {
        let filter = FilterParameters(filter)
        return try query(
            "SELECT count(*) FROM passes AS p WHERE \(FilterParameters.condition)",
            filter.from, filter.to, filter.cameraIDs, filter.genders, filter.minimumAge, filter.maximumAge,
            filter.isRecognised
        ).scalar()
    }

    /// The passes with these ids, in their order; ids that are gone are left out.
    fileprivate func passes(_ ids: [UUID], includesHits: Bool) throws(PostgresError) -> [Pass] {
        var passes = try query(
            """
            SELECT p.id, p.camera_id, p.camera_name, p.captured_at, p.age, p.gender, p.gender_confidence, p.quality,
                p.embedding, m.fingerprint
            FROM unnest($1) WITH ORDINALITY AS wanted (id, place) JOIN passes AS p ON p.id = wanted.id
            JOIN models AS m ON m.id = p.model_id
            ORDER BY wanted.place
            """, ids
        ).map(PassRow.pass)
        guard includesHits else { return passes }
        let hits = try query(
            """
            SELECT h.pass_id, h.person_id, h.external_id, h.image_id, h.platform_user_id, h.similarity, h.added_at,
                h.name, h.surname, h.patronymic, h.department, h.comment
            FROM unnest($1) WITH ORDINALITY AS wanted (id, place) JOIN pass_hits AS h ON h.pass_id = wanted.id
            ORDER BY wanted.place, h.rank
            """, ids
        ).map(PassRow.hit)
        // Both lists have the same order, so each pass takes its hits from the front of the rest.
        var next = hits.startIndex
        for index in passes.indices {
            while next < hits.endIndex, hits[next].pass == passes[index].id {
                passes[index].hits.append(hits[next].hit)
                next += 1
            }
        }
        return passes
    }
}

/// How passes and hits are read from rows.
private enum PassRow {
    static func pass(_ row: borrowing PostgresRow) throws(PostgresError) -> Pass {
        var attributes: FaceAttributes?
        if let age = try row.decode(4, as: Float?.self), let gender = Gender(code: try row.decode(5)) {
            attributes = FaceAttributes(age: age, gender: gender, genderConfidence: try row.decode(6))
        }
        let bytes = try row.decode(8, as: [UInt8].self)
        guard let embedding = Embedding(littleEndianBytes: bytes) else {
            throw .decodingFailed(column: "embedding", reason: "no unit vector")
        }
        return Pass(
            id: try row.decode(0), cameraID: try row.decode(1), cameraName: try row.decode(2),
            capturedAt: try row.decode(3), attributes: attributes, quality: try row.decode(7), embedding: embedding,
            model: ModelFingerprint(bytes: try row.decode(9)), hits: [])
    }

    static func hit(_ row: borrowing PostgresRow) throws(PostgresError) -> (pass: UUID, hit: PassHit) {
        let hit = PassHit(
            personID: try row.decode(1), externalID: try row.decode(2), imageID: try row.decode(3),
            platformUserID: try row.decode(4), similarity: try row.decode(5), addedAt: try row.decode(6),
            texts: PersonTexts(
                name: try row.decode(7), surname: try row.decode(8), patronymic: try row.decode(9),
                department: try row.decode(10), comment: try row.decode(11)))
        return (try row.decode(0), hit)
    }
}
