import Crypto
import Foundation

/// The SHA-256 of a model's file.
enum ModelDigest {
    static func text(of bytes: Data) -> String {
        SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0\(digits)" : digits
        }.joined()
    }
}
