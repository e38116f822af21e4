public import FaceModel
public import Foundation
public import Postgres

/// The source groups and sources of accounts.
public struct SourceRepository: Sendable {
    private let pool: PostgresPool

    /// The sources of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// All groups of an account, oldest first.
    public func groups(of account: UUID) async throws(PostgresError) -> [SourceGroup] {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                "SELECT id, name, searched_lists, created_at FROM source_groups WHERE account_id = $1 ORDER BY number",
                account
            ).map { row throws(PostgresError) in
                SourceGroup(
                    id: try row.decode(0), name: try row.decode(1),
                    searchedLists: Self.decoded(try row.decode(2)) ?? [], createdAt: try row.decode(3))
            }
        }
    }

    /// Adds a group.
    ///
    /// - Returns: `false` when the account has a group with this id or this name.
    public func add(_ group: SourceGroup, to account: UUID) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                """
                INSERT INTO source_groups (account_id, id, name, searched_lists, created_at)
                VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
                """, account, group.id, group.name, Self.encoded(group.searchedLists), group.createdAt) > 0
        }
    }

    /// Changes name and lists of a group.
    ///
    /// - Returns: whether there is such a group.
    /// - Throws: ``PostgresError/statementFailed(_:_:)`` with ``SQLState/uniqueViolation`` when another group has the
    ///   name.
    public func update(_ group: SourceGroup, of account: UUID) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                "UPDATE source_groups SET name = $3, searched_lists = $4 WHERE account_id = $1 AND id = $2",
                account, group.id, group.name, Self.encoded(group.searchedLists)) > 0
        }
    }

    /// Deletes groups with their sources.
    ///
    /// - Returns: how many there were.
    public func removeGroups(_ ids: [UUID], of account: UUID) async throws(PostgresError) -> Int {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute("DELETE FROM source_groups WHERE account_id = $1 AND id = ANY($2)", account, ids)
        }
    }

    /// All sources of an account, oldest first.
    public func sources(of account: UUID) async throws(PostgresError) -> [Source] {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                """
                SELECT id, group_id, name, settings, created_at FROM sources WHERE account_id = $1 ORDER BY number
                """, account
            ).map { row throws(PostgresError) -> Source? in
                guard let settings: Source.Settings = Self.decoded(try row.decode(3)) else { return nil }
                return Source(
                    id: try row.decode(0), group: try row.decode(1), name: try row.decode(2), settings: settings,
                    createdAt: try row.decode(4))
            }.compactMap(\.self)
        }
    }

    /// Adds a source; the group is locked, so that nobody takes it away meanwhile.
    ///
    /// - Returns: `false` when the account has no such group.
    /// - Throws: ``PostgresError/statementFailed(_:_:)`` with ``SQLState/uniqueViolation`` when the account has a source
    ///   with this id.
    public func add(_ source: Source, to account: UUID) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                """
                INSERT INTO sources (account_id, id, group_id, name, settings, created_at)
                SELECT g.account_id, $2, g.id, $4, $5, $6 FROM source_groups AS g
                WHERE g.account_id = $1 AND g.id = $3 FOR KEY SHARE
                """, account, source.id, source.group, source.name, Self.encoded(source.settings), source.createdAt)
                > 0
        }
    }

    /// Changes name and settings of a source.
    ///
    /// - Returns: whether there is such a source.
    public func update(_ source: Source, of account: UUID) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                "UPDATE sources SET name = $3, settings = $4 WHERE account_id = $1 AND id = $2",
                account, source.id, source.name, Self.encoded(source.settings)) > 0
        }
    }

    /// Deletes sources.
    ///
    /// - Returns: how many there were.
    public func removeSources(_ ids: [UUID], of account: UUID) async throws(PostgresError) -> Int {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute("DELETE FROM sources WHERE account_id = $1 AND id = ANY($2)", account, ids)
        }
    }

    private static func encoded(_ value: some Encodable) -> JSONText {
        // Texts, numbers and ids only: nothing that could not be written.
        JSONText((try? JSONEncoder().encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null")
    }

    private static func decoded<Value: Decodable>(_ json: JSONText) -> Value? {
        try? JSONDecoder().decode(Value.self, from: Data(json.text.utf8))
    }
}
