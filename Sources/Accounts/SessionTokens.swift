import Crypto
import Foundation
import JWTKit

/// Tokens that carry an account and an end, signed with a key of the server: JWT with HMAC-SHA-256 (RFC 7519, 7518).
struct SessionTokens: Sendable {
    /// What a token says.
    struct Session: Sendable {
        let account: UUID
        /// Which password of the account it began with.
        let generation: Int
        let start: Date
        /// `nil`: it never ends by itself.
        let end: Date?
        /// SHA-256 of what is signed, by which the session can be told from all others.
        let digest: SHA256Digest
    }

    private struct Claims: JWTPayload {
        let sub: SubjectClaim
        let iat: IssuedAtClaim
        let exp: ExpirationClaim?
        /// Makes two sessions of the same second different; tokens of earlier versions have none.
        let jti: IDClaim?
        /// The generation; tokens of earlier versions began with the first one.
        let gen: Int?

        func verify(using algorithm: some JWTAlgorithm) throws {}
    }

    private let keys = JWTKeyCollection()

    /// - Parameter key: 32 random bytes.
    init(key: [UInt8]) async {
        await keys.add(hmac: HMACKey(from: key), digestAlgorithm: .sha256)
    }

    /// A token for an account.
    func make(for account: UUID, generation: Int, from start: Date, until end: Date) async throws -> String {
        try await keys.sign(
            Claims(
                sub: SubjectClaim(value: account.uuidString.lowercased()), iat: IssuedAtClaim(value: start),
                exp: ExpirationClaim(value: end), jti: IDClaim(value: UUID().uuidString.lowercased()), gen: generation))
    }

    /// What a token says that was signed here and has not expired.
    func read(_ token: String, at moment: Date) async -> Session? {
        guard let claims = try? await keys.verify(token, as: Claims.self),
            let account = UUID(uuidString: claims.sub.value), let dot = token.lastIndex(of: ".")
        else { return nil }
        if let end = claims.exp, end.value <= moment { return nil }
        // The signature is left out: it can be written in several ways that all are right.
        return Session(
            account: account, generation: claims.gen ?? 0, start: claims.iat.value, end: claims.exp?.value,
            digest: SHA256.hash(data: Data(token[..<dot].utf8)))
    }
}
