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
        let end: ContinuousClock.Instant
    }

    private static let memory = Duration.seconds(60)
    private static let mostRemembered = 1000

    private let accounts: AccountRepository
    private let threads = NIOThreadPool(numberOfThreads: 1)
    private let key = SymmetricKey(size: .bits256)
    private let remembered = Mutex<[String: Entry]>([:])
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
        let matches = (try? await threads.runIfActive { try hash.matches(password) }) ?? false
        guard record != nil, matches else { return false }
        remember(login, digest)
        return true
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

    /// Deletes an account; whoever was let in with it is remembered for a minute at most.
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
        guard let entry = remembered.withLock({ $0[login] }), entry.end > .now else { return false }
        return constantTimeEqual(entry.digest, digest)
    }

    private func remember(_ login: String, _ digest: [UInt8]) {
        let entry = Entry(digest: digest, end: .now + Self.memory)
        remembered.withLock { remembered in
            if remembered.count >= Self.mostRemembered { remembered = [:] }
            remembered[login] = entry
        }
    }
}
