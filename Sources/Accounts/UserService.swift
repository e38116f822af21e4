import Crypto
public import FaceModel
import FaceStore
public import Foundation
import Logging
public import Postgres
import Synchronization

/// What dialects with users of their own ask: who somebody is, and tokens that stand for a password.
public protocol UserService: Sendable {
    /// A session for a login and a password: a signed text that stands for the account, until the password changes.
    ///
    /// - Parameters:
    ///   - address: where whoever says so calls from, if that is known.
    ///   - duration: how long it is to work; `nil`: as long as a session may.
    /// - Returns: `nil` when there is no such account, or the password is another one.
    func session(
        login: String, password: String, from address: String?, lasting duration: Duration?
    ) async throws(UserError) -> String?

    /// Ends a session.
    ///
    /// - Returns: `false` for a permanent token, or any other text.
    func endSession(_ token: String) async throws(UserError) -> Bool

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
    /// Others were in the way for too long, or too many passwords wait to be checked; try again in a moment.
    case busy
    /// The account was deleted meanwhile.
    case unknownAccount
    /// The question failed for a reason that nobody foresaw.
    case failed
}

/// Accounts, sessions and permanent tokens in PostgreSQL.
///
/// Tokens come with every request, so what is known of them is remembered for some seconds, by their digest. Changes made
/// here count at once, those of other processes when the memory ends.
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
    private let endedSessions: SessionRepository
    private let sessions: SessionTokens
    private let longestSession: Duration
    private let sealKey: SymmetricKey
    private let logger = Logger(label: "accounts")
    private let now: @Sendable () -> Date
    private let remembered = Mutex<[SHA256Digest: Known]>([:])

    /// The users of a database.
    ///
    /// - Parameters:
    ///   - longestSession: how long a session works at most, whenever it began.
    ///   - now: what time it is, for expiry.
    public init(
        _ pool: PostgresPool, directory: AccountDirectory, longestSession: Duration,
        now: @escaping @Sendable () -> Date
    ) async throws(PostgresError) {
        self.directory = directory
        self.longestSession = longestSession
        self.now = now
        accounts = AccountRepository(pool)
        accessTokens = AccessTokenRepository(pool)
        endedSessions = SessionRepository(pool)
        sessions = await SessionTokens(key: try await ServerSecret.key(named: "sessions", in: pool))
        sealKey = SymmetricKey(data: try await ServerSecret.key(named: "pictures", in: pool))
        try await accessTokens.removeExpired(before: now())
        try await endedSessions.forgetExpired(before: now())
    }

    /// Makes the account that has the gallery which all dialects share.
    ///
    /// - Parameter password: `nil` leaves the password as it is, and is one that nobody knows for a new account.
    /// - Returns: the account, and whether it is new.
    public func ensureFirst(
        login: String, password: String?
    ) async throws -> (account: AccountIdentity, isNew: Bool) {
        let isNew = try await accounts.find(login) == nil
        if isNew || password != nil {
            try await directory.ensure(
                login: login, password: password ?? "\(UUID())\(UUID())", at: .enface, role: .admin)
        } else {
            try await accounts.add(.enface, to: login)
        }
        try await accounts.shareGallery(with: login)
        guard let account = try await accounts.identity(of: login, at: now()) else { throw UserError.unavailable }
        return (account, isNew)
    }

    /// See ``UserService/session(login:password:from:lasting:)``.
    public func session(
        login: String, password: String, from address: String?, lasting duration: Duration?
    ) async throws(UserError) -> String? {
        let admission = try await admission(login: login, password: password, from: address)
        guard let admission, admission.rights.dialects.contains(.enface) else { return nil }
        let identity = try await storing { () throws(PostgresError) in try await accounts.identity(of: login, at: now())
        }
        guard let account = identity else { return nil }
        let start = now()
        let length = min(duration ?? longestSession, longestSession)
        do {
            return try await sessions.make(
                for: account.id, generation: admission.sessionGeneration, from: start,
                until: start.addingTimeInterval(Double(length.components.seconds)))
        } catch {
            logger.error("a session cannot be signed", metadata: ["error.type": "\(type(of: error))"])
            throw .failed
        }
    }

    private func admission(
        login: String, password: String, from address: String?
    ) async throws(UserError) -> AccountDirectory.Admission? {
        let result: Result<AccountDirectory.Admission?, LoginError>
        do throws(LoginError) {
            result = .success(try await directory.admission(login: login, password: password, from: address))
        } catch {
            result = .failure(error)
        }
        switch result {
        case .success(let admission): return admission
        case .failure(.tooMany): throw .busy
        case .failure(.store(let error)): return try await storing { () throws(PostgresError) in throw error }
        }
    }

    /// See ``UserService/endSession(_:)``.
    public func endSession(_ token: String) async throws(UserError) -> Bool {
        guard let session = await sessions.read(token, at: now()) else { return false }
        try await storing { () throws(PostgresError) in
            try await endedSessions.forgetExpired(before: now())
            try await endedSessions.end(Array(session.digest), of: session.account, until: session.end)
        }
        remembered.withLock { $0[session.digest] = nil }
        return true
    }

    /// When a session ends by itself, by its own word or because it began too long ago.
    private func end(of session: SessionTokens.Session) -> Date {
        let latest = session.start.addingTimeInterval(Double(longestSession.components.seconds))
        return min(session.end ?? latest, latest)
    }

    /// See ``UserService/account(token:)``.
    public func account(token: String) async throws(UserError) -> AccountIdentity? {
        if let id = UUID(uuidString: token) { return try await account(accessToken: id) }
        guard let session = await sessions.read(token, at: now()), end(of: session) > now() else { return nil }
        if let known = remembered.withLock({ $0[session.digest] }), known.end > .now { return known.account }
        let account = try await storing { () throws(PostgresError) in
            try await endedSessions.account(
                session.account, digest: Array(session.digest), generation: session.generation)
        }
        guard let account else { return nil }
        remember(session.digest, Known(account: account, expiresAt: nil, end: .now + Self.memory))
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
        remember(digest, Known(account: account, expiresAt: found.expiresAt, end: .now + Self.memory))
        return account
    }

    private func remember(_ digest: SHA256Digest, _ known: Known) {
        remembered.withLock { remembered in
            if remembered.count >= Self.mostRemembered { remembered = [:] }
            remembered[digest] = known
        }
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
            switch error.meaning {
            case .outage: throw .unavailable
            case .busy: throw .busy
            case .missingReference: throw .unknownAccount
            case .duplicate, .invalidValue, .unforeseen:
                logger.error("the database call failed", metadata: ["error": "\(error)"])
                throw .failed
            }
        }
    }

    private static func bytes(of id: UUID) -> [UInt8] { unsafe withUnsafeBytes(of: id.uuid) { unsafe Array($0) } }

    private static func digest(of id: UUID) -> SHA256Digest { SHA256.hash(data: bytes(of: id)) }
}
