import Crypto
public import FaceModel
import FaceStore
import Foundation
import NIOPosix
public import Postgres
import Synchronization

/// Who may call the server: logins with passwords, kept in PostgreSQL.
///
/// A password costs a tenth of a second to check, so a right one is remembered by a keyed digest under a key that never
/// leaves the process, and counts for as long as the account keeps its hash. That, and what the account may do, is looked
/// up again after five seconds: so late a change of another process is in force. Checks run on a thread of their own,
/// where a flood of wrong passwords is slowed down and holds nobody else up; see ``PasswordQueue``.
public final class AccountDirectory: Sendable {
    /// Why an account cannot be kept.
    public enum Refusal: Error, Sendable, Hashable, CustomStringConvertible {
        /// A login is 1…256 bytes without a colon or a control character, as HTTP's Basic scheme needs.
        case invalidLogin
        /// A password has at least one byte.
        case emptyPassword
        /// The library refused to work.
        case hashingFailed

        /// One line for people.
        public var description: String {
            switch self {
            case .invalidLogin: "a login has 1 to 256 bytes, no colon and no control characters"
            case .emptyPassword: "a password must not be empty"
            case .hashingFailed: "the password cannot be hashed"
            }
        }
    }

    /// An account whose password was given.
    public struct Admission: Sendable, Hashable {
        /// What the account may do.
        public let rights: AccountRights
        /// The number of the password, for sessions that begin with it.
        let sessionGeneration: Int

        init(_ record: AccountRecord) {
            rights = record.rights
            sessionGeneration = record.sessionGeneration
        }
    }

    /// What a password was found to be.
    private struct Entry: Sendable {
        let digest: [UInt8]
        /// The hash that it belongs to: the password is right as long as the account has this one.
        let hash: PasswordHash
        var admission: Admission
        /// Until when nobody looks at the account again.
        var end: ContinuousClock.Instant
    }

    private static let memory = Duration.seconds(5)
    private static let mostRemembered = 1000

    private let accounts: AccountRepository
    private let passwords = PasswordQueue()
    private let key = SymmetricKey(size: .bits256)
    private let remembered = Mutex<[String: Entry]>([:])
    /// The checks under way by digest: who asks the same meanwhile waits for the same answer.
    private let checks = Mutex<[[UInt8]: Task<Bool?, Never>]>([:])
    /// What the password of a login is compared with that nobody has, so that the time does not tell which logins exist.
    private let nobody: PasswordHash?

    /// The accounts of a database.
    public init(_ pool: PostgresPool) {
        accounts = AccountRepository(pool)
        nobody = try? PasswordHash(of: UUID().uuidString)
    }

    /// The account with a login and a password; `nil` when there is none, or the password is another one.
    ///
    /// - Parameter address: where whoever says so calls from; `nil`: nowhere in particular.
    /// - Throws: ``LoginError``.
    public func admission(
        login: String, password: String, from address: String? = nil
    ) async throws(LoginError) -> Admission? {
        let digest = digest(login, password)
        let known = remembered(login, digest)
        if let known, known.end > .now { return known.admission }
        guard !login.utf8.contains(0), let nobody else { return nil }
        let record: AccountRecord?
        do { record = try await accounts.find(login) } catch { throw .store(error) }
        let hash = record.map(PasswordHash.init) ?? nobody
        if known?.hash != hash {
            let isKnown = record != nil
            // Nobody's hash is compared with, too, so that the time does not tell which logins exist.
            let isRight = await check(digest, LoginAttempt(login: login, address: address)) {
                (try? hash.matches(password)) ?? false && isKnown
            }
            guard let isRight else { throw .tooMany }
            guard isRight else { return nil }
        }
        guard let record else { return nil }
        let admission = Admission(record)
        remember(login, Entry(digest: digest, hash: hash, admission: admission, end: .now + Self.memory))
        return admission
    }

    private func check(
        _ digest: [UInt8], _ attempt: LoginAttempt, isRight: @escaping @Sendable () -> Bool
    ) async -> Bool? {
        let task = checks.withLock { checks in
            if let known = checks[digest] { return known }
            let fresh = Task { [passwords] in await passwords.check(attempt, isRight: isRight) }
            checks[digest] = fresh
            return fresh
        }
        defer { checks.withLock { $0[digest] = nil } }
        return await task.value
    }

    /// Adds an account, or gives an existing one another password, which ends its sessions.
    ///
    /// - Parameter rights: what a new account may do; those of an existing one stay.
    public func put(login: String, password: String, rights: AccountRights) async throws {
        guard 1...256 ~= login.utf8.count, login.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != 0x3A }) else {
            throw Refusal.invalidLogin
        }
        guard !password.isEmpty else { throw Refusal.emptyPassword }
        let hash: PasswordHash
        do {
            hash = try await NIOThreadPool.singleton.runIfActive { try PasswordHash(of: password) }
        } catch {
            throw Refusal.hashingFailed
        }
        try await accounts.put(
            AccountRecord(
                login: login, rounds: hash.rounds, blockSize: hash.blockSize, parallelism: hash.parallelism,
                salt: hash.salt, key: hash.key, rights: rights), at: .now)
        forget(login)
    }

    /// Makes sure that an account has a password and is let in at a dialect, as settings want it at every start.
    ///
    /// - Parameter role: that of a new account.
    public func ensure(login: String, password: String, at dialect: AccountDialect, role: AccountRole) async throws {
        if try await admission(login: login, password: password) == nil {
            try await put(login: login, password: password, rights: AccountRights(dialects: [dialect], role: role))
        }
        try await accounts.add(dialect, to: login)
        forget(login)
    }

    /// All accounts with what they may do, in alphabetical order.
    public func all() async throws(PostgresError) -> [(login: String, rights: AccountRights)] {
        try await accounts.all()
    }

    /// Gives an account other rights; `nil` leaves a part of them as it is.
    ///
    /// - Returns: whether there is such an account.
    public func setRights(
        of login: String, dialects: Set<AccountDialect>?, role: AccountRole?
    ) async throws(PostgresError) -> Bool {
        forget(login)
        return try await accounts.setRights(of: login, dialects: dialects, role: role)
    }

    /// Ends all sessions of an account and, if wanted, deletes its permanent tokens.
    ///
    /// - Returns: whether there is such an account.
    public func endSessions(of login: String, deletingTokens: Bool) async throws(PostgresError) -> Bool {
        try await accounts.endSessions(of: login, deletingTokens: deletingTokens)
    }

    /// Deletes an account with everything that only it had.
    ///
    /// - Returns: what went; `nil` when there is no such account.
    public func remove(login: String) async throws(PostgresError) -> RemovedAccount? {
        forget(login)
        return try await accounts.remove(login)
    }

    /// Ends the thread.
    public func stop() { passwords.stop() }

    private func digest(_ login: String, _ password: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data("\(login)\u{0}\(password)".utf8), using: key))
    }

    private func remembered(_ login: String, _ digest: [UInt8]) -> Entry? {
        remembered.withLock { $0[login] }.flatMap { constantTimeEqual($0.digest, digest) ? $0 : nil }
    }

    private func remember(_ login: String, _ entry: Entry) {
        remembered.withLock { remembered in
            if remembered.count >= Self.mostRemembered { remembered = [:] }
            remembered[login] = entry
        }
    }

    private func forget(_ login: String) { remembered.withLock { $0[login] = nil } }
}
