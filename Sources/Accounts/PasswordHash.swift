import Crypto
import CryptoExtras
import FaceStore
import Foundation

/// Passwords as they are kept: by scrypt (RFC 7914), so that a stolen table costs its thief a lot for each guess.
struct PasswordHash: Sendable, Hashable {
    /// The cost N, the block size r and the parallelisation p that the OWASP password storage cheat sheet (2024) names
    /// for a server: 32 MiB and about a tenth of a second.
    static let current = (rounds: 1 << 15, blockSize: 8, parallelism: 3)
    private static let saltSize = 16
    private static let keySize = 32

    let rounds: Int
    let blockSize: Int
    let parallelism: Int
    let salt: [UInt8]
    let key: [UInt8]

    /// A new hash of a password with a salt of its own; blocks for about a tenth of a second.
    init(of password: String) throws {
        var random = SystemRandomNumberGenerator()
        salt = (0..<Self.saltSize).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        (rounds, blockSize, parallelism) = Self.current
        key = try Self.key(
            password, salt: salt, rounds: rounds, blockSize: blockSize, parallelism: parallelism, size: Self.keySize)
    }

    init(_ record: AccountRecord) {
        (rounds, blockSize, parallelism) = (record.rounds, record.blockSize, record.parallelism)
        salt = record.salt
        key = record.key
    }

    /// Whether this is the password; blocks as long as making the hash did, and compares in constant time.
    func matches(_ password: String) throws -> Bool {
        let other = try Self.key(
            password, salt: salt, rounds: rounds, blockSize: blockSize, parallelism: parallelism, size: key.count)
        return constantTimeEqual(key, other)
    }

    private static func key(
        _ password: String, salt: [UInt8], rounds: Int, blockSize: Int, parallelism: Int, size: Int
    ) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: Data(password.utf8), salt: salt, outputByteCount: size, rounds: rounds, blockSize: blockSize,
            parallelism: parallelism)
        return unsafe key.withUnsafeBytes { unsafe Array($0) }
    }
}

/// Whether two keys are equal; the time tells nothing of where they differ.
func constantTimeEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
