public import FaceModel
public import Foundation
public import Postgres

/// The permanent tokens of accounts.
public struct AccessTokenRepository: Sendable {
    private let pool: PostgresPool

    /// The tokens of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// The token with a digest, and whose it is.
    public func find(
        digest: [UInt8]
    ) async throws(PostgresError) -> (token: AccessToken, account: UUID)? {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                "SELECT id, expires_at, account_id FROM access_tokens WHERE digest = $1", digest
            ).first { row throws(PostgresError) in
                (AccessToken(id: try row.decode(0), expiresAt: try row.decode(1)), try row.decode(2))
            }
        }
    }

    /// The tokens of an account that have not expired at a moment, oldest first.
    public func all(of account: UUID, at moment: Date) async throws(PostgresError) -> [AccessToken] {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                """
                SELECT id, expires_at FROM access_tokens
                WHERE account_id = $1 AND (expires_at IS NULL OR expires_at > $2) ORDER BY created_at, id
                """, account, moment
            ).map { row throws(PostgresError) in AccessToken(id: try row.decode(0), expiresAt: try row.decode(1)) }
        }
    }

    /// Adds a token, or gives the one with the same id this account and this end.
    public func put(
        _ token: AccessToken, digest: [UInt8], of account: UUID, at time: Date
    ) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                """
                INSERT INTO access_tokens (id, digest, account_id, expires_at, created_at)
                VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (id) DO UPDATE SET account_id = excluded.account_id, expires_at = excluded.expires_at
                """, token.id, digest, account, token.expiresAt, time)
        }
    }

    /// Gives a token of an account another end.
    ///
    /// - Returns: whether there is such a token that has not expired at this moment.
    public func update(_ token: AccessToken, of account: UUID, at moment: Date) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                """
                UPDATE access_tokens SET expires_at = $3
                WHERE account_id = $1 AND id = $2 AND (expires_at IS NULL OR expires_at > $4)
                """, account, token.id, token.expiresAt, moment) > 0
        }
    }

    /// Deletes a token of an account.
    ///
    /// - Returns: whether there was one.
    public func remove(_ id: UUID, of account: UUID) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute("DELETE FROM access_tokens WHERE account_id = $1 AND id = $2", account, id) > 0
        }
    }

    /// Deletes tokens that have expired before a moment.
    public func removeExpired(before moment: Date) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute("DELETE FROM access_tokens WHERE expires_at < $1", moment)
        }
    }
}
