public import Postgres

/// Keys that the server made for itself; they are the same for all servers of a database.
public struct SecretRepository: Sendable {
    private let pool: PostgresPool

    /// The keys of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// The key with a name: the stored one, or `fresh`, which is stored then.
    public func value(_ name: String, orElse fresh: [UInt8]) async throws(PostgresError) -> [UInt8] {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                "INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", name, fresh)
            return try connection.query("SELECT value FROM secrets WHERE name = $1", name).scalar()
        }
    }
}
