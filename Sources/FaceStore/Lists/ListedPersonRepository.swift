public import FaceModel
public import Foundation
public import Postgres

/// Persons as lists show them.
public struct ListedPersonRepository: Sendable {
    private let pool: PostgresPool

    /// The listed persons of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// The persons with these ids in any gallery, in no particular order; unknown ids are left out.
    public func find(_ ids: [UUID]) async throws(PostgresError) -> [ListedPerson] {
        guard !ids.isEmpty else { return [] }
        return try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT \(Self.columns) \(Self.tables) WHERE p.id = ANY($1)", ids).map {
                row throws(PostgresError) in try Self.read(row)
            }
        }
    }

    /// Persons of a gallery in the order of their addition, behind a place; the cost does not grow with the place.
    public func page(
        of gallery: UUID, after place: ListPlace?, limit: Int
    ) async throws(PostgresError) -> [(person: ListedPerson, place: ListPlace)] {
        let place = place ?? ListPlace(createdAt: .distantPast, position: 0)
        return try await pool.read { connection throws(PostgresError) in
            try connection.query(
                """
                SELECT \(Self.columns), p.position \(Self.tables)
                WHERE p.gallery_id = $1 AND (p.created_at, p.position) > ($2, $3)
                ORDER BY p.created_at, p.position LIMIT $4
                """, gallery, place.createdAt, place.position, limit
            ).map { row throws(PostgresError) in
                let person = try Self.read(row)
                return (
                    person,
                    ListPlace(
                        createdAt: person.person.createdAt, position: try row.decode(Self.columnCount))
                )
            }
        }
    }

    /// Gives a person other text fields.
    ///
    /// - Returns: whether the gallery has such a person.
    public func setFields(
        _ fields: [String], of id: UUID, in gallery: UUID, defaults: UUID, at time: Date
    ) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            let texts = PersonTexts(fields: fields)
            let isKnown =
                try connection.execute(
                    """
                    UPDATE persons SET name = $3, surname = $4, patronymic = $5, department = $6, comment = $7
                    WHERE id = $1 AND gallery_id = $2
                    """, id, gallery, texts.name, texts.surname, texts.patronymic, texts.department, texts.comment) > 0
            guard isKnown else { return false }
            try connection.touch(id, defaults: defaults, at: time)
            try connection.execute(
                "UPDATE list_persons SET field_count = $2, more_fields = $3 WHERE person_id = $1",
                id, fields.count, Array(fields.dropFirst(PersonTexts.count)))
            return true
        }
    }

    /// Writes down that something about a person changed.
    public func touch(_ id: UUID, defaults: UUID, at time: Date) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.touch(id, defaults: defaults, at: time)
        }
    }

    /// Stores what lists keep of a person that is being stored; for ``PersonRepository/put(_:faces:in:also:)``.
    public static func store(
        _ details: ListedPerson.Details, of person: Person, on connection: borrowing PostgresConnection
    ) throws(PostgresError) {
        try connection.execute(
            """
            INSERT INTO list_persons (
                person_id, group_id, source_id, is_replaced, field_count, more_fields, age, gender, gender_confidence,
                updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (person_id) DO UPDATE SET group_id = excluded.group_id, source_id = excluded.source_id,
                is_replaced = excluded.is_replaced, field_count = excluded.field_count,
                more_fields = excluded.more_fields, age = excluded.age, gender = excluded.gender,
                gender_confidence = excluded.gender_confidence, updated_at = excluded.updated_at
            """,
            person.id, details.group, details.source, details.isReplaced, details.fields.count,
            Array(details.fields.dropFirst(PersonTexts.count)), details.age, details.gender?.code,
            details.genderConfidence, details.updatedAt)
        let texts = PersonTexts(fields: details.fields)
        guard texts != person.texts else { return }
        try connection.execute(
            """
            UPDATE persons SET name = $2, surname = $3, patronymic = $4, department = $5, comment = $6 WHERE id = $1
            """, person.id, texts.name, texts.surname, texts.patronymic, texts.department, texts.comment)
    }

    private static let tables = """
        FROM persons AS p LEFT JOIN list_persons AS l ON l.person_id = p.id LEFT JOIN faces AS f ON f.id = p.image_id
        """

    private static let columnCount = 26

    private static let columns = """
        \(PersonRow.columns), l.group_id, l.source_id, l.is_replaced, l.field_count, l.more_fields, l.age, l.gender, \
        l.gender_confidence, l.updated_at, f.pose, f.landmarks, EXISTS (SELECT FROM images AS i WHERE i.id = p.image_id)
        """

    private static func read(_ row: borrowing PostgresRow) throws(PostgresError) -> ListedPerson {
        let person = try PersonRow.read(row)
        // Another dialect may have filled texts beyond those that were given here.
        let count = max(
            try row.decode(17, as: Int?.self) ?? 0, (person.texts.fields.lastIndex { !$0.isEmpty } ?? -1) + 1)
        let fields = Array(person.texts.fields.prefix(count)) + (try row.decode(18, as: [String]?.self) ?? [])
        return ListedPerson(
            person: person,
            details: ListedPerson.Details(
                group: try row.decode(14, as: UUID?.self) ?? .sharedGallery,
                source: try row.decode(15, as: UUID?.self) ?? .sharedGallery,
                isReplaced: try row.decode(16, as: Bool?.self) ?? false, fields: fields, age: try row.decode(19),
                gender: Gender(code: try row.decode(20)), genderConfidence: try row.decode(21),
                updatedAt: try row.decode(22)),
            pose: try row.decode(23, as: [Float]?.self).flatMap(HeadPose.init(columns:)),
            landmarks: try row.decode(24, as: [Float]?.self).flatMap(Landmarks.init(columns:)),
            hasImage: try row.decode(25))
    }
}

extension PostgresConnection {
    /// Gives a person a row of lists if there is none, and the time of the change.
    fileprivate func touch(_ id: UUID, defaults: UUID, at time: Date) throws(PostgresError) {
        try execute(
            """
            INSERT INTO list_persons (person_id, group_id, source_id, is_replaced, field_count, more_fields, updated_at)
            SELECT id, $2, $2, false, 0, '{}', $3 FROM persons WHERE id = $1
            ON CONFLICT (person_id) DO UPDATE SET updated_at = excluded.updated_at
            """, id, defaults, time)
    }
}
