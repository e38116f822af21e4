import Crypto
public import FaceModel
import FaceStore
public import Foundation
public import Postgres
import Synchronization

/// What dialects with users of their own ask: who somebody is, and tokens that stand for a password.
public protocol UserService: Sendable {
    /// The account with a login and a password; `nil` when there is none, or the password is another one.
    func account(login: String, password: String) async throws(UserError) -> AccountIdentity?

    /// A session: a signed text that stands for the account.
    ///
    /// - Parameter duration: how long it works; `nil`: for ever.
    func session(for account: AccountIdentity, lasting duration: Duration?) async throws(UserError) -> String

    /// Whose token a text is: a session, or the id of a permanent token; `nil` for any other text and for those that
    /// have expired.
    func account(token: String) async throws(UserError) -> AccountIdentity?

    /// The permanent tokens of an account that have not expired, oldest first.
    func tokens(of account: AccountIdentity) async throws(UserError) -> [AccessToken]

    /// Makes a permanent token.
    ///
    /// - Parameter end: when it stops to work; `nil`: never.
    func makeToken(_ id: UUID, for account: AccountIdentity, until end: Date?) async throws(UserError) -> AccessToken

    /// Gives a permanent token another end; `nil` when the account has no such token.
    func renewToken(
        _ id: UUID, of account: AccountIdentity, until end: Date?
    ) async throws(UserError) -> AccessToken?

    /// Deletes a permanent token.
    ///
    /// - Returns: whether the account had it.
    func removeToken(_ id: UUID, of account: AccountIdentity) async throws(UserError) -> Bool

    /// A code that only this server can make for an id: HMAC-SHA-256 under a key of the database.
    func seal(of id: UUID) throws(UserError) -> [UInt8]
}

/// Why the question who somebody is cannot be answered.
public enum UserError: Error, Sendable, Hashable {
    /// The server is coming up.
    case notReady
    /// The database cannot be reached.
    case unavailable
}

/// Accounts, sessions and permanent tokens in PostgreSQL.
///
/// Tokens come with every request, so what is known of them is remembered for some seconds, permanent ones by their
/// digest. Changes made here count at once, those of other processes when the memory ends.
public final class UserDirectory: UserService {
    private struct Known: Sendable {
        let account: AccountIdentity
        let expiresAt: Date?
        let end: ContinuousClock.Instant
    }

    private static let memory = Duration.seconds(5)
    private static let mostRemembered = 10_000

    private let directory: AccountDirectory
    private let accounts: AccountRepository
    private let accessTokens: AccessTokenRepository
    private let sessions: SessionTokens
    private let sealKey: SymmetricKey
    private let now: @Sendable () -> Date
    private let remembered = Mutex<[SHA256Digest: Known]>([:])
    private let identities = Mutex<[UUID: Known]>([:])

    /// The users of a database.
    ///
    /// - Parameter now: what time it is, for expiry.
    public init(
        _ pool: PostgresPool, directory: AccountDirectory, now: @escaping @Sendable () -> Date
    ) async throws(PostgresError) {
        self.directory = directory
        self.now = now
        accounts = AccountRepository(pool)
        accessTokens = AccessTokenRepository(pool)
        sessions = await SessionTokens(key: try await ServerSecret.key(named: "sessions", in: pool))
        sealKey = SymmetricKey(data: try await ServerSecret.key(named: "pictures", in: pool))
        try await accessTokens.removeExpired(before: now())
    }

    /// Makes the account that has the gallery which all dialects share.
    ///
    /// - Parameter password: `nil` leaves the password as it is, and is one that nobody knows for a new account.
    /// - Returns: the account, and whether it is new.
    public func ensureFirst(
        login: String, password: String?
    ) async throws -> (account: AccountIdentity, isNew: Bool) {
        let isNew = try await accounts.find(login) == nil
        if let password {
            if try await !directory.accepts(login: login, password: password) {
                try await directory.put(login: login, password: password)
            }
        } else if isNew {
            try await directory.put(login: login, password: "\(UUID())\(UUID())")
        }
        try await accounts.shareGallery(with: login)
        guard let account = try await accounts.identity(of: login, at: now()) else { throw UserError.unavailable }
        return (account, isNew)
    }

    /// See ``UserService/account(login:password:)``.
    public func account(login: String, password: String) async throws(UserError) -> AccountIdentity? {
        try await storing { () throws(PostgresError) in
            guard try await directory.accepts(login: login, password: password) else { return nil }
            return try await accounts.identity(of: login, at: now())
        }
    }

    /// See ``UserService/session(for:lasting:)``.
    public func session(
        for account: AccountIdentity, lasting duration: Duration?
    ) async throws(UserError) -> String {
        let start = now()
        let end = duration.map { start.addingTimeInterval(Double($0.components.seconds)) }
        do {
            return try await sessions.make(for: account.id, from: start, until: end)
        } catch {
            throw .unavailable
        }
    }

    /// See ``UserService/account(token:)``.
    public func account(token: String) async throws(UserError) -> AccountIdentity? {
        if let id = UUID(uuidString: token) { return try await account(accessToken: id) }
        guard let id = await sessions.account(of: token, at: now()) else { return nil }
        if let known = identities.withLock({ $0[id] }), known.end > .now { return known.account }
        let account = try await storing { () throws(PostgresError) in try await accounts.identity(id) }
        guard let account else { return nil }
        identities.withLock { identities in
            if identities.count >= Self.mostRemembered { identities = [:] }
            identities[id] = Known(account: account, expiresAt: nil, end: .now + Self.memory)
        }
        return account
    }

    private func account(accessToken id: UUID) async throws(UserError) -> AccountIdentity? {
        let digest = Self.digest(of: id)
        if let known = remembered.withLock({ $0[digest] }), known.end > .now {
            return known.expiresAt.map { $0 > now() } ?? true ? known.account : nil
        }
        let (found, account) = try await storing { () throws(PostgresError) in
            guard let found = try await accessTokens.find(digest: Array(digest)) else {
                return (AccessToken?.none, AccountIdentity?.none)
            }
            return (found.token, try await accounts.identity(found.account))
        }
        guard let found, let account, constantTimeEqual(Self.bytes(of: found.id), Self.bytes(of: id)),
            found.expiresAt.map({ $0 > now() }) ?? true
        else { return nil }
        let known = Known(account: account, expiresAt: found.expiresAt, end: .now + Self.memory)
        remembered.withLock { remembered in
            if remembered.count >= Self.mostRemembered { remembered = [:] }
            remembered[digest] = known
        }
        return account
    }

    /// See ``UserService/tokens(of:)``.
    public func tokens(of account: AccountIdentity) async throws(UserError) -> [AccessToken] {
        try await storing { () throws(PostgresError) in try await accessTokens.all(of: account.id, at: now()) }
    }

    /// See ``UserService/makeToken(_:for:until:)``.
    public func makeToken(
        _ id: UUID, for account: AccountIdentity, until end: Date?
    ) async throws(UserError) -> AccessToken {
        let token = AccessToken(id: id, expiresAt: end)
        try await storing { () throws(PostgresError) in
            try await accessTokens.put(token, digest: Array(Self.digest(of: id)), of: account.id, at: now())
        }
        forget(id)
        return token
    }

    /// See ``UserService/renewToken(_:of:until:)``.
    public func renewToken(
        _ id: UUID, of account: AccountIdentity, until end: Date?
    ) async throws(UserError) -> AccessToken? {
        let token = AccessToken(id: id, expiresAt: end)
        let isKnown = try await storing { () throws(PostgresError) in
            try await accessTokens.update(token, of: account.id, at: now())
        }
        forget(id)
        return isKnown ? token : nil
    }

    /// See ``UserService/removeToken(_:of:)``.
    public func removeToken(_ id: UUID, of account: AccountIdentity) async throws(UserError) -> Bool {
        let isKnown = try await storing { () throws(PostgresError) in
            try await accessTokens.remove(id, of: account.id)
        }
        forget(id)
        return isKnown
    }

    /// See ``UserService/seal(of:)``.
    public func seal(of id: UUID) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Self.bytes(of: id), using: sealKey))
    }

    private func forget(_ token: UUID) { remembered.withLock { $0[Self.digest(of: token)] = nil } }

    private func storing<R>(_ body: () async throws(PostgresError) -> R) async throws(UserError) -> R {
        do throws(PostgresError) {
            return try await body()
        } catch {
            throw .unavailable
        }
    }

    private static func bytes(of id: UUID) -> [UInt8] { unsafe withUnsafeBytes(of: id.uuid) { unsafe Array($0) } }

    private static func digest(of id: UUID) -> SHA256Digest { SHA256.hash(data: bytes(of: id)) }
}
