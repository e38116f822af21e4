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
    /// What the account may do.
    public var rights: AccountRights
    /// Grows with every new password; sessions carry the number of the password that they began with.
    public var sessionGeneration: Int

    /// A record from its parts.
    public init(
        login: String, rounds: Int, blockSize: Int, parallelism: Int, salt: [UInt8], key: [UInt8],
        rights: AccountRights, sessionGeneration: Int = 0
    ) {
        self.login = login
        self.rounds = rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
        self.salt = salt
        self.key = key
        self.rights = rights
        self.sessionGeneration = sessionGeneration
    }
}

extension AccountRights {
    /// Rights from the columns `dialects` and `role`; what this version does not know gives none.
    fileprivate init(dialects: [String], role: String) {
        self.init(
            dialects: Set(dialects.compactMap(AccountDialect.init(rawValue:))),
            role: AccountRole(rawValue: role) ?? .reader)
    }

    fileprivate var dialectColumn: [String] { dialects.map(\.rawValue).sorted() }
}

/// Who may call the server.
public struct AccountRepository: Sendable {
    let pool: PostgresPool

    /// The accounts of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// The account with a login, compared exactly.
    public func find(_ login: String) async throws(PostgresError) -> AccountRecord? {
        try await pool.read { connection throws(PostgresError) in
            try connection.query(
                """
                SELECT login, rounds, block_size, parallelism, salt, key, dialects, role, session_generation
                FROM accounts WHERE login = $1
                """, login
            ).first { row throws(PostgresError) in
                AccountRecord(
                    login: try row.decode(0), rounds: try row.decode(1), blockSize: try row.decode(2),
                    parallelism: try row.decode(3), salt: try row.decode(4), key: try row.decode(5),
                    rights: AccountRights(dialects: try row.decode(6), role: try row.decode(7)),
                    sessionGeneration: try row.decode(8))
            }
        }
    }

    /// Adds an account, or gives an existing one another password, which ends its sessions; the rights of an existing one
    /// stay.
    public func put(_ account: AccountRecord, at time: Date) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                """
                INSERT INTO accounts (login, rounds, block_size, parallelism, salt, key, created_at, dialects, role)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                ON CONFLICT (login) DO UPDATE SET rounds = excluded.rounds, block_size = excluded.block_size,
                    parallelism = excluded.parallelism, salt = excluded.salt, key = excluded.key,
                    session_generation = accounts.session_generation + 1
                """, account.login, account.rounds, account.blockSize, account.parallelism, account.salt, account.key,
                time, account.rights.dialectColumn, account.rights.role.rawValue)
        }
    }

    /// All accounts with what they may do, in alphabetical order.
    public func all() async throws(PostgresError) -> [(login: String, rights: AccountRights)] {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT login, dialects, role FROM accounts ORDER BY login").map {
                row throws(PostgresError) in
                (try row.decode(0), AccountRights(dialects: try row.decode(1), role: try row.decode(2)))
            }
        }
    }

    /// Gives an account other rights; `nil` leaves a part of them as it is.
    ///
    /// - Returns: whether there is such an account.
    public func setRights(
        of login: String, dialects: Set<AccountDialect>?, role: AccountRole?
    ) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                "UPDATE accounts SET dialects = coalesce($2, dialects), role = coalesce($3, role) WHERE login = $1",
                login, dialects.map { AccountRights(dialects: $0, role: .reader).dialectColumn }, role?.rawValue) > 0
        }
    }

    /// Lets an account in at one more dialect.
    public func add(_ dialect: AccountDialect, to login: String) async throws(PostgresError) {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                """
                UPDATE accounts SET dialects = dialects || $2::text WHERE login = $1 AND NOT $2 = ANY(dialects)
                """, login, dialect.rawValue)
        }
    }

    /// Ends all sessions of an account and, if wanted, deletes its permanent tokens.
    ///
    /// - Returns: whether there is such an account.
    public func endSessions(of login: String, deletingTokens: Bool) async throws(PostgresError) -> Bool {
        try await pool.transaction { connection throws(PostgresError) in
            if deletingTokens {
                try connection.execute(
                    "DELETE FROM access_tokens WHERE account_id = (SELECT id FROM accounts WHERE login = $1)", login)
            }
            return try connection.execute(
                "UPDATE accounts SET session_generation = session_generation + 1 WHERE login = $1", login) > 0
        }
    }

    /// The identity of an account that Enface lets in; an account that has no gallery yet gets one of its own.
    public func identity(of login: String, at time: Date) async throws(PostgresError) -> AccountIdentity? {
        if let known = try await identity(where: "login = $1", login) { return known }
        try await pool.transaction { connection throws(PostgresError) in
            let id = UUID()
            try connection.execute(
                "INSERT INTO galleries (id, name, created_at) VALUES ($1, 'default list', $2)", id, time)
            let isUsed =
                try connection.execute(
                    """
                    UPDATE accounts SET gallery_id = $2
                    WHERE login = $1 AND gallery_id IS NULL AND 'enface' = ANY(dialects)
                    """, login, id) > 0
            if !isUsed { try connection.execute("DELETE FROM galleries WHERE id = $1", id) }
        }
        return try await identity(where: "login = $1", login)
    }

    /// The identity of an account that Enface lets in by its id, once it has a gallery.
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
                """
                SELECT \(Self.identityColumns) FROM accounts
                WHERE \(condition) AND gallery_id IS NOT NULL AND 'enface' = ANY(dialects)
                """, key
            ).first(Self.identity)
        }
    }

    static let identityColumns = "id, login, gallery_id, role"

    static func identity(_ row: borrowing PostgresRow) throws(PostgresError) -> AccountIdentity {
        AccountIdentity(
            id: try row.decode(0), login: try row.decode(1), gallery: try row.decode(2),
            role: AccountRole(rawValue: try row.decode(3)) ?? .reader)
    }
}
