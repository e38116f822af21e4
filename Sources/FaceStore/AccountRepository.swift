public import Foundation
public import Postgres

/// A login with its password as it is stored: by scrypt (RFC 7914), never in clear.
public struct AccountRecord: Sendable {
    /// The name that a client gives.
    public var login: String
    /// The cost N, a power of two.
    public var rounds: Int
    /// The block size r.
    public var blockSize: Int
    /// The parallelisation p.
    public var parallelism: Int
    /// Random bytes of this account.
    public var salt: [UInt8]
    /// What scrypt made of password and salt.
    public var key: [UInt8]

    /// A record from its parts.
    public init(login: String, rounds: Int, blockSize: Int, parallelism: Int, salt: [UInt8], key: [UInt8]) {
        self.login = login
        self.rounds = rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
        self.salt = salt
        self.key = key
    }
}

/// Who may call the server.
public struct AccountRepository: Sendable {
    private let pool: PostgresPool

    /// The accounts of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// The account with a login, compared exactly.
    public func find(_ login: String) async throws(PostgresError) -> AccountRecord? {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                "SELECT login, rounds, block_size, parallelism, salt, key FROM accounts WHERE login = $1", login
            ).first { row throws(PostgresError) in
                AccountRecord(
                    login: try row.decode(0), rounds: try row.decode(1), blockSize: try row.decode(2),
                    parallelism: try row.decode(3), salt: try row.decode(4), key: try row.decode(5))
            }
        }
    }

    /// Adds an account, or gives an existing one another password.
    public func put(_ account: AccountRecord, at time: Date) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                """
                INSERT INTO accounts (login, rounds, block_size, parallelism, salt, key, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (login) DO UPDATE SET rounds = excluded.rounds, block_size = excluded.block_size,
                    parallelism = excluded.parallelism, salt = excluded.salt, key = excluded.key
                """, account.login, account.rounds, account.blockSize, account.parallelism, account.salt, account.key,
                time)
        }
    }

    /// The logins of all accounts in alphabetical order.
    public func logins() async throws(PostgresError) -> [String] {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT login FROM accounts ORDER BY login").map { row throws(PostgresError) in
                try row.decode(0)
            }
        }
    }

    /// Deletes an account.
    ///
    /// - Returns: whether there was one.
    public func remove(_ login: String) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute("DELETE FROM accounts WHERE login = $1", login) > 0
        }
    }
}
