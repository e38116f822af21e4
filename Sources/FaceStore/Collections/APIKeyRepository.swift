public import Foundation
public import Postgres

/// A key as it is stored: by a digest of its secret.
public struct APIKeyRecord: Sendable, Hashable {
    /// The name by which people know it.
    public var name: String
    /// The SHA-256 of the secret.
    public var digest: [UInt8]
    /// Whether it may only look.
    public var isReadOnly: Bool
    /// Whether it may do nothing for the time being.
    public var isDisabled: Bool
    /// When it was added.
    public var createdAt: Date

    /// A record from its parts.
    public init(name: String, digest: [UInt8], isReadOnly: Bool, isDisabled: Bool = false, createdAt: Date) {
        self.name = name
        self.digest = digest
        self.isReadOnly = isReadOnly
        self.isDisabled = isDisabled
        self.createdAt = createdAt
    }
}

/// The keys that programs call the server with.
public struct APIKeyRepository: Sendable {
    private static let columns = "name, digest, is_read_only, is_disabled, created_at"

    private let pool: PostgresPool

    /// The keys of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// The key with a digest.
    public func find(digest: [UInt8]) async throws(PostgresError) -> APIKeyRecord? {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT \(Self.columns) FROM api_keys WHERE digest = $1", digest).first(Self.read)
        }
    }

    /// All keys by name.
    public func all() async throws(PostgresError) -> [APIKeyRecord] {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT \(Self.columns) FROM api_keys ORDER BY name COLLATE \"C\"").map(Self.read)
        }
    }

    /// Adds a key.
    ///
    /// - Returns: whether name and secret were both free.
    public func add(_ key: APIKeyRecord) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                """
                INSERT INTO api_keys (\(Self.columns)) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
                """, key.name, key.digest, key.isReadOnly, key.isDisabled, key.createdAt) > 0
        }
    }

    /// Gives a key another secret or other rights; whether it is disabled stays.
    public func replace(_ key: APIKeyRecord) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            _ = try connection.execute(
                "UPDATE api_keys SET digest = $2, is_read_only = $3 WHERE name = $1", key.name, key.digest,
                key.isReadOnly)
        }
    }

    /// Disables a key, or enables it again.
    ///
    /// - Returns: whether there is such a key.
    public func setDisabled(_ isDisabled: Bool, name: String) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute("UPDATE api_keys SET is_disabled = $2 WHERE name = $1", name, isDisabled) > 0
        }
    }

    /// Deletes a key.
    ///
    /// - Returns: whether there was one.
    public func remove(_ name: String) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute("DELETE FROM api_keys WHERE name = $1", name) > 0
        }
    }

    private static func read(_ row: borrowing PostgresRow) throws(PostgresError) -> APIKeyRecord {
        APIKeyRecord(
            name: try row.decode(0), digest: try row.decode(1), isReadOnly: try row.decode(2),
            isDisabled: try row.decode(3), createdAt: try row.decode(4))
    }
}
