public import FaceModel
public import Foundation
public import Postgres

/// Which persons of the shared gallery a list holds.
public struct ProfileQuery: Sendable {
    /// Only those that are in this collection.
    public var collection: UUID?
    /// By what they are ordered.
    public var order: PersonOrder
    /// Which part of the list.
    public var window: ListWindow

    /// A query.
    public init(collection: UUID? = nil, order: PersonOrder = .name, window: ListWindow = ListWindow()) {
        self.collection = collection
        self.order = order
        self.window = window
    }
}

/// The persons of the shared gallery with their profiles, faces and collections.
public struct ProfileRepository: Sendable {
    private let pool: PostgresPool

    /// The profiles of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// The persons whom some texts name, by text: an external id, or else the UUID of a person without one.
    public func ids(of texts: [String]) async throws(PostgresError) -> [String: UUID] {
        guard !texts.isEmpty else { return [:] }
        let uuids = texts.compactMap { text in UUID(uuidString: text) }
        return try await pool.read { connection throws(PostgresError) in
            var found: [String: UUID] = [:]
            let unnamed = try connection.query(
                "SELECT id FROM persons WHERE id = ANY($1) AND gallery_id = $2 AND external_id IS NULL", uuids,
                UUID.sharedGallery
            ).map { row throws(PostgresError) in try row.decode(0, as: UUID.self) }
            for text in texts {
                guard let id = UUID(uuidString: text), unnamed.contains(id) else { continue }
                found[text] = id
            }
            let named = try connection.query(
                """
                SELECT p.external_id, p.id FROM unnest($1) AS wanted (text) JOIN persons AS p
                ON p.gallery_id = $2 AND md5(p.external_id) = md5(wanted.text) AND p.external_id = wanted.text
                """, texts, UUID.sharedGallery
            ).map { row throws(PostgresError) in (try row.decode(0, as: String.self), try row.decode(1, as: UUID.self))
            }
            for (text, id) in named { found[text] = id }
            return found
        }
    }

    /// The persons with these ids, in the order of the ids; those of other galleries are left out.
    public func find(_ ids: [UUID]) async throws(PostgresError) -> [ProfiledPerson] {
        guard !ids.isEmpty else { return [] }
        return try await pool.read { connection throws(PostgresError) in
            try connection.completed(
                connection.query(
                    """
                    SELECT \(ProfileRow.columns) FROM unnest($1) WITH ORDINALITY AS wanted (id, place)
                    JOIN persons AS p ON p.id = wanted.id LEFT JOIN person_profiles AS f ON f.person_id = p.id
                    WHERE p.gallery_id = $2 ORDER BY wanted.place
                    """, ids, UUID.sharedGallery
                ).map(ProfileRow.read))
        }
    }

    /// One page of persons; every row of the gallery is looked at.
    public func page(_ query: ProfileQuery) async throws(PostgresError) -> ListPage<ProfiledPerson> {
        let window = query.window
        let direction = window.isDescending ? "DESC" : "ASC"
        let source = """
            FROM persons AS p LEFT JOIN person_profiles AS f ON f.person_id = p.id
            WHERE p.gallery_id = $1
                AND ($2::uuid IS NULL OR EXISTS (
                    SELECT FROM collection_members WHERE collection_id = $2 AND person_id = p.id))
                AND ($3::text IS NULL OR strpos(\(SQL.folded(ProfileRow.searched)), \(SQL.folded("$3"))) > 0)
            """
        return try await pool.read { connection throws(PostgresError) in
            let total = try connection.query(
                "SELECT count(*) \(source)", UUID.sharedGallery, query.collection, window.search
            ).scalar(Int.self)
            let rows = try connection.query(
                """
                SELECT \(ProfileRow.columns) \(source)
                ORDER BY \(query.order.expression) \(direction) NULLS LAST,
                    coalesce(p.external_id, p.id::text) COLLATE "C" OFFSET $4 LIMIT $5
                """, UUID.sharedGallery, query.collection, window.search, window.offset, window.limit
            ).map(ProfileRow.read)
            return ListPage(elements: try connection.completed(rows), total: total)
        }
    }

    /// The companion of a change that keeps a profile beside its person.
    ///
    /// - Parameters:
    ///   - texts: `nil` leaves those that there are.
    ///   - profile: `nil` leaves the one that there is.
    ///   - collections: in which collections the person is from now on; `nil` leaves them.
    public static func companion(
        texts: PersonTexts? = nil, profile: PersonProfile?, collections: [UUID]?, at time: Date
    ) -> PersonRepository.Companion {
        { connection, person throws(PostgresError) in
            if let texts {
                try connection.execute(
                    """
                    UPDATE persons SET name = $2, surname = $3, patronymic = $4, department = $5, comment = $6
                    WHERE id = $1
                    """, person.id, texts.name, texts.surname, texts.patronymic, texts.department, texts.comment)
            }
            try connection.put(profile, of: person.id, at: time)
            guard let collections else { return }
            let changed = try connection.query(
                """
                DELETE FROM collection_members WHERE person_id = $1 AND NOT collection_id = ANY($2)
                RETURNING collection_id
                """, person.id, collections
            ).map { row throws(PostgresError) in try row.decode(0, as: UUID.self) }
            var touched = changed
            // In the order of the ids, so that two changes never wait for each other.
            for collection in Set(collections).sorted(by: { $0.uuidString < $1.uuidString }) {
                guard try connection.lockCollection(collection) else { continue }
                if try !connection.addMembers([person.id], to: collection).isEmpty { touched.append(collection) }
            }
            try connection.execute("UPDATE collections SET modified_at = $2 WHERE id = ANY($1)", touched, time)
        }
    }
}

extension PostgresConnection {
    fileprivate func put(_ profile: PersonProfile?, of person: UUID, at time: Date) throws(PostgresError) {
        guard let profile else {
            try execute(
                """
                INSERT INTO person_profiles (person_id, modified_at) VALUES ($1, $2)
                ON CONFLICT (person_id) DO UPDATE SET modified_at = excluded.modified_at
                """, person, time)
            return
        }
        try execute(
            """
            INSERT INTO person_profiles (person_id, gender, date_of_birth, nationality, modified_at)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (person_id) DO UPDATE SET gender = excluded.gender, date_of_birth = excluded.date_of_birth,
                nationality = excluded.nationality, modified_at = excluded.modified_at
            """, person, profile.gender?.letter, profile.dateOfBirth, profile.nationality, time)
    }

    /// Adds to persons their faces and collections.
    fileprivate func completed(_ rows: [ProfileRow]) throws(PostgresError) -> [ProfiledPerson] {
        guard !rows.isEmpty else { return [] }
        let ids = rows.map(\.person.id)
        let faces = try query(
            """
            SELECT f.person_id, f.id FROM faces AS f WHERE f.person_id = ANY($1)
            ORDER BY NOT (EXISTS (SELECT FROM images AS i WHERE i.id = f.id)
                OR EXISTS (SELECT FROM thumbnails AS t WHERE t.face_id = f.id)), f.number
            """, ids
        ).map { row throws(PostgresError) in (try row.decode(0, as: UUID.self), try row.decode(1, as: UUID.self)) }
        let collections = try query(
            """
            SELECT o.person_id, \(CollectionRow.columns) FROM collection_members AS o
            JOIN collections AS c ON c.id = o.collection_id WHERE o.person_id = ANY($1)
            ORDER BY c.name COLLATE "C"
            """, ids
        ).map { row throws(PostgresError) in (try row.decode(0, as: UUID.self), try CollectionRow.read(row, from: 1)) }
        let facesOf = Dictionary(grouping: faces, by: \.0).mapValues { $0.map(\.1) }
        let collectionsOf = Dictionary(grouping: collections, by: \.0).mapValues { $0.map(\.1) }
        return rows.map { row in
            ProfiledPerson(
                person: row.person, profile: row.profile,
                modifiedAt: max(row.modifiedAt ?? row.person.createdAt, row.person.createdAt),
                faces: facesOf[row.person.id] ?? [], collections: collectionsOf[row.person.id] ?? [])
        }
    }
}

/// How a person with a profile is read from a row.
private struct ProfileRow {
    let person: Person
    let profile: PersonProfile
    let modifiedAt: Date?

    /// How ``Person/joinedName`` is said in SQL.
    static let name = """
        coalesce(
            nullif(concat_ws(' ', nullif(p.surname, ''), nullif(p.name, ''), nullif(p.patronymic, '')), ''),
            p.external_id, p.id::text)
        """

    /// All texts that a search looks at.
    static let searched = """
        concat_ws(
            E'\\n', \(name), p.external_id, CASE WHEN p.external_id IS NULL THEN p.id::text END, f.nationality,
            p.comment)
        """

    /// The columns in the order of ``read(_:)``, of `p` and `f`.
    static let columns = "\(PersonRow.columns), f.gender, f.date_of_birth, f.nationality, f.modified_at"

    static func read(_ row: borrowing PostgresRow) throws(PostgresError) -> ProfileRow {
        ProfileRow(
            person: try PersonRow.read(row),
            profile: PersonProfile(
                gender: try row.decode(14, as: String?.self).flatMap(Gender.init(letter:)),
                dateOfBirth: try row.decode(15), nationality: try row.decode(16)),
            modifiedAt: try row.decode(17))
    }
}

extension PersonOrder {
    fileprivate var expression: String {
        switch self {
        case .name: "\(ProfileRow.name) COLLATE \"C\""
        case .dateOfBirth: "f.date_of_birth COLLATE \"C\""
        case .gender: "f.gender"
        case .nationality: "f.nationality COLLATE \"C\""
        case .modificationTime: "greatest(f.modified_at, p.created_at)"
        case .creationTime: "p.created_at"
        }
    }
}

extension Gender {
    fileprivate var letter: String {
        switch self {
        case .male: "M"
        case .female: "F"
        }
    }

    fileprivate init?(letter: String) {
        guard let gender = Self.allCases.first(where: { $0.letter == letter }) else { return nil }
        self = gender
    }
}
