public import FaceModel
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

    /// The identity of an account; an account that has no gallery yet gets one of its own.
    public func identity(of login: String, at time: Date) async throws(PostgresError) -> AccountIdentity? {
        if let known = try await identity(where: "login = $1", login) { return known }
        try await pool.transaction { connection throws(PostgresError) in
            let id = UUID()
            try connection.execute(
                "INSERT INTO galleries (id, name, created_at) VALUES ($1, 'default list', $2)", id, time)
            let isUsed =
                try connection.execute(
                    "UPDATE accounts SET gallery_id = $2 WHERE login = $1 AND gallery_id IS NULL", login, id) > 0
            if !isUsed { try connection.execute("DELETE FROM galleries WHERE id = $1", id) }
        }
        return try await identity(where: "login = $1", login)
    }

    /// The identity of an account by its id, once it has a gallery.
    public func identity(_ id: UUID) async throws(PostgresError) -> AccountIdentity? {
        try await identity(where: "id = $1", id)
    }

    /// Gives an account the gallery that all dialects share; whoever had it gets one of its own.
    public func shareGallery(with login: String) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                "UPDATE accounts SET gallery_id = NULL WHERE gallery_id = $1 AND login <> $2", UUID.sharedGallery,
                login)
            try connection.execute(
                "UPDATE accounts SET gallery_id = $1 WHERE login = $2", UUID.sharedGallery, login)
        }
    }

    private func identity(
        where condition: String, _ key: any PostgresValue
    ) async throws(PostgresError) -> AccountIdentity? {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                "SELECT id, login, gallery_id FROM accounts WHERE \(condition) AND gallery_id IS NOT NULL", key
            ).first { row throws(PostgresError) in
                AccountIdentity(id: try row.decode(0), login: try row.decode(1), gallery: try row.decode(2))
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
