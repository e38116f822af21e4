import Crypto
import FaceStore
import Foundation
public import Postgres

/// A key without its secret.
public struct APIKey: Sendable, Hashable {
    /// The name by which people know it.
    public let name: String
    /// Whether it may only look.
    public let isReadOnly: Bool
    /// Whether it may do nothing for the time being.
    public let isDisabled: Bool

    init(_ record: APIKeyRecord) {
        name = record.name
        isReadOnly = record.isReadOnly
        isDisabled = record.isDisabled
    }
}

/// The keys that programs call the server with, kept in PostgreSQL by the SHA-256 of their secrets.
///
/// A secret of ours has 256 random bits, so nobody finds it from its digest however fast digests are made. Who brings
/// a secret of their own choice should make it as long.
public struct KeyDirectory: Sendable {
    /// Why a key cannot be kept.
    public enum Refusal: Error, Sendable, Hashable, CustomStringConvertible {
        /// A name is 1…256 bytes without blanks, colons and control characters.
        case invalidName
        /// A secret is 1…256 printable characters of ASCII, as a header has them.
        case invalidSecret
        /// Another key has the name or the secret.
        case taken

        /// One line for people.
        public var description: String {
            switch self {
            case .invalidName: "a key's name has 1 to 256 bytes, no blanks, no colon and no control characters"
            case .invalidSecret: "a key's secret has 1 to 256 characters of ASCII and no blanks"
            case .taken: "another key has this name or this secret"
            }
        }
    }

    private let keys: APIKeyRepository

    /// The keys of a database.
    public init(_ pool: PostgresPool) { keys = APIKeyRepository(pool) }

    /// A secret by chance: 43 characters that need no escaping anywhere.
    public static func makeSecret() -> String {
        let bytes = SymmetricKey(size: .bits256)
        return unsafe bytes.withUnsafeBytes { unsafe Data($0) }.base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The key with a secret.
    public func find(secret: String) async throws(PostgresError) -> APIKey? {
        try await keys.find(digest: Self.digest(secret)).map(APIKey.init)
    }

    /// All keys by name.
    public func all() async throws(PostgresError) -> [APIKey] { try await keys.all().map(APIKey.init) }

    /// Adds a key.
    ///
    /// - Throws: ``Refusal``, or ``PostgresError`` when the database cannot be asked.
    public func add(name: String, secret: String, isReadOnly: Bool) async throws {
        let key = try Self.record(name: name, secret: secret, isReadOnly: isReadOnly)
        guard try await keys.add(key) else { throw Refusal.taken }
    }

    /// Adds a key, or gives the one with the name this secret and these rights; a disabled one stays so.
    public func put(name: String, secret: String, isReadOnly: Bool) async throws {
        let key = try Self.record(name: name, secret: secret, isReadOnly: isReadOnly)
        if try await keys.add(key) { return }
        do throws(PostgresError) {
            try await keys.replace(key)
        } catch .statementFailed(.uniqueViolation, _) {
            throw Refusal.taken
        }
    }

    /// Disables a key, or enables it again.
    ///
    /// - Returns: whether there is such a key.
    public func setDisabled(_ isDisabled: Bool, name: String) async throws(PostgresError) -> Bool {
        try await keys.setDisabled(isDisabled, name: name)
    }

    /// Deletes a key.
    ///
    /// - Returns: whether there was one.
    public func remove(name: String) async throws(PostgresError) -> Bool { try await keys.remove(name) }

    private static func record(name: String, secret: String, isReadOnly: Bool) throws(Refusal) -> APIKeyRecord {
        guard 1...256 ~= name.utf8.count, name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != 0x3A }) else {
            throw .invalidName
        }
        guard 1...256 ~= secret.utf8.count, secret.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw .invalidSecret
        }
        return APIKeyRecord(name: name, digest: digest(secret), isReadOnly: isReadOnly, createdAt: .now)
    }

    private static func digest(_ secret: String) -> [UInt8] { Array(SHA256.hash(data: Data(secret.utf8))) }
}
