public import FaceModel
public import Foundation
public import Postgres

/// What ends sessions before their time.
public struct SessionRepository: Sendable {
    private let pool: PostgresPool

    /// The sessions of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// The account of a session that nobody ended.
    ///
    /// - Parameters:
    ///   - digest: SHA-256 of what is signed of the session.
    ///   - generation: the account's generation of sessions when this one began.
    public func account(
        _ account: UUID, digest: [UInt8], generation: Int
    ) async throws(PostgresError) -> AccountIdentity? {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                """
                SELECT \(AccountRepository.identityColumns) FROM accounts
                WHERE id = $1 AND session_generation = $3 AND gallery_id IS NOT NULL AND 'enface' = ANY(dialects)
                    AND NOT EXISTS (SELECT FROM ended_sessions WHERE digest = $2)
                """, account, digest, generation
            ).first(AccountRepository.identity)
        }
    }

    /// Ends a session.
    ///
    /// - Parameter end: when it would have ended by itself; `nil`: never.
    public func end(_ digest: [UInt8], of account: UUID, until end: Date?) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                """
                INSERT INTO ended_sessions (digest, account_id, expires_at)
                SELECT $1, id, $3 FROM accounts WHERE id = $2 ON CONFLICT DO NOTHING
                """, digest, account, end)
        }
    }

    /// Forgets sessions that ended by themselves before a moment.
    public func forgetExpired(before moment: Date) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute("DELETE FROM ended_sessions WHERE expires_at < $1", moment)
        }
    }
}
