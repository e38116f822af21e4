import Crypto
import FaceStore
import Foundation
import NIOPosix
public import Postgres
import Synchronization

/// Who may call the server: logins with passwords, kept in PostgreSQL.
///
/// A password costs a tenth of a second to check, so whoever was let in is remembered for a while, by a keyed digest
/// under a key that never leaves the process. Checks run on a few threads: a flood of wrong passwords waits there and
/// holds nobody else up.
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

    private struct Entry: Sendable {
        let digest: [UInt8]
        /// Moves with every use.
        var end: ContinuousClock.Instant
        /// Does not move, so that a password that was changed elsewhere is asked for in the end.
        let latestEnd: ContinuousClock.Instant
    }

    private static let memory = Duration.seconds(60)
    private static let longestMemory = Duration.seconds(600)
    private static let mostRemembered = 1000

    private let accounts: AccountRepository
    private let threads = NIOThreadPool(numberOfThreads: 1)
    private let key = SymmetricKey(size: .bits256)
    private let remembered = Mutex<[String: Entry]>([:])
    /// The checks under way by digest: who asks the same meanwhile waits for the same answer.
    private let checks = Mutex<[[UInt8]: Task<Bool, Never>]>([:])
    /// What the password of a login is compared with that nobody has, so that the time does not tell which logins exist.
    private let nobody: PasswordHash?

    /// The accounts of a database.
    public init(_ pool: PostgresPool) {
        accounts = AccountRepository(pool)
        nobody = try? PasswordHash(of: UUID().uuidString)
        threads.start()
    }

    /// Whether this is the login's password.
    ///
    /// - Throws: ``PostgresError`` when the database cannot be asked.
    public func accepts(login: String, password: String) async throws(PostgresError) -> Bool {
        let digest = digest(login, password)
        if isRemembered(login, digest) { return true }
        guard !login.utf8.contains(0), let nobody else { return false }
        let record = try await accounts.find(login)
        let hash = record.map(PasswordHash.init) ?? nobody
        guard await check(digest, { try hash.matches(password) }), record != nil else { return false }
        remember(login, digest)
        return true
    }

    private func check(_ digest: [UInt8], _ body: @escaping @Sendable () throws -> Bool) async -> Bool {
        let task = checks.withLock { checks in
            if let known = checks[digest] { return known }
            let fresh = Task { [threads] in (try? await threads.runIfActive(body)) ?? false }
            checks[digest] = fresh
            return fresh
        }
        defer { checks.withLock { $0[digest] = nil } }
        return await task.value
    }

    /// Adds an account, or gives an existing one another password.
    public func put(login: String, password: String) async throws {
        guard 1...256 ~= login.utf8.count, login.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != 0x3A }) else {
            throw Refusal.invalidLogin
        }
        guard !password.isEmpty else { throw Refusal.emptyPassword }
        let hash: PasswordHash
        do {
            hash = try await threads.runIfActive { try PasswordHash(of: password) }
        } catch {
            throw Refusal.hashingFailed
        }
        try await accounts.put(
            AccountRecord(
                login: login, rounds: hash.rounds, blockSize: hash.blockSize, parallelism: hash.parallelism,
                salt: hash.salt, key: hash.key), at: .now)
        remembered.withLock { $0[login] = nil }
    }

    /// The logins of all accounts in alphabetical order.
    public func logins() async throws(PostgresError) -> [String] { try await accounts.logins() }

    /// Deletes an account; other processes that let it in remember it for ten minutes at most.
    ///
    /// - Returns: whether there was one.
    public func remove(login: String) async throws(PostgresError) -> Bool {
        remembered.withLock { $0[login] = nil }
        return try await accounts.remove(login)
    }

    /// Ends the threads.
    public func stop() async { try? await threads.shutdownGracefully() }

    private func digest(_ login: String, _ password: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data("\(login)\u{0}\(password)".utf8), using: key))
    }

    private func isRemembered(_ login: String, _ digest: [UInt8]) -> Bool {
        remembered.withLock { remembered in
            guard let entry = remembered[login], entry.end > .now, constantTimeEqual(entry.digest, digest) else {
                return false
            }
            remembered[login]?.end = min(.now + Self.memory, entry.latestEnd)
            return true
        }
    }

    private func remember(_ login: String, _ digest: [UInt8]) {
        let now = ContinuousClock.now
        let entry = Entry(digest: digest, end: now + Self.memory, latestEnd: now + Self.longestMemory)
        remembered.withLock { remembered in
            if remembered.count >= Self.mostRemembered { remembered = [:] }
            remembered[login] = entry
        }
    }
}
