import Crypto
import Foundation

/// Marks the crops that this server made, so that they are known again without being stored.
///
/// A crop is a JPEG file. Right behind its first marker stands a comment segment (ITU-T T.81, B.2.4.5) with a keyed
/// digest, HMAC-SHA-256, of all other bytes of the file. The key is made by chance at the first start and kept in the
/// database, so that crops stay valid over restarts and among servers of one database.
struct CropSeal: Sendable {
    private static let startOfImage: [UInt8] = [0xFF, 0xD8]
    private static let name = Array("firserver crop ".utf8)
    private static let digestSize = 32
    /// The marker COM, the length with its own two bytes, and the name.
    private static let head: [UInt8] = {
        let length = 2 + name.count + digestSize
        return [0xFF, 0xFE, UInt8(length >> 8), UInt8(length & 255)] + name
    }()

    private let key: SymmetricKey

    /// A seal with the key of bytes that were kept.
    init(key: [UInt8] = makeKey()) { self.key = SymmetricKey(data: key) }

    /// A key by chance.
    static func makeKey() -> [UInt8] {
        let key = SymmetricKey(size: .bits256)
        return unsafe key.withUnsafeBytes { unsafe Array($0) }
    }

    /// The same picture with the seal; a file that is no JPEG is returned as it is.
    func sealing(_ file: [UInt8]) -> [UInt8] {
        guard file.starts(with: Self.startOfImage) else { return file }
        return Self.startOfImage + Self.head + digest(of: file) + file.dropFirst(Self.startOfImage.count)
    }

    /// Whether the file has a seal of this key, and nothing was changed since.
    func isOn(_ file: [UInt8]) -> Bool {
        let sealStart = Self.startOfImage + Self.head
        let rest = file.dropFirst(sealStart.count)
        guard file.starts(with: sealStart), rest.count > Self.digestSize else { return false }
        let plain = Self.startOfImage + rest.dropFirst(Self.digestSize)
        return HMAC<SHA256>.isValidAuthenticationCode(
            Data(rest.prefix(Self.digestSize)), authenticating: Data(plain), using: key)
    }

    private func digest(of file: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data(file), using: key))
    }
}
