public import Postgres

/// Settings that are kept in the database, one JSON object per group.
public struct SettingsRepository: Sendable {
    private let pool: PostgresPool

    /// The settings of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// The JSON object of a group, or `nil` when nothing was ever changed.
    public func find(_ name: String) async throws(PostgresError) -> String? {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT value FROM settings WHERE name = $1", name).first {
                row throws(PostgresError) in try row.decode(0, as: JSONText.self).text
            }
        }
    }

    /// Keeps the JSON object of a group in the place of what was there.
    public func put(_ name: String, _ json: String) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                """
                INSERT INTO settings (name, value) VALUES ($1, $2)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """, name, JSONText(json))
        }
    }
}
