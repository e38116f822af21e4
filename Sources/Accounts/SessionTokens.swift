import Foundation
import JWTKit

/// Tokens that carry an account and an end, signed with a key of the server: JWT with HMAC-SHA-256 (RFC 7519, 7518).
struct SessionTokens: Sendable {
    private struct Claims: JWTPayload {
        let sub: SubjectClaim
        let iat: IssuedAtClaim
        let exp: ExpirationClaim?

        func verify(using algorithm: some JWTAlgorithm) throws {}
    }

    private let keys = JWTKeyCollection()

    /// - Parameter key: 32 random bytes.
    init(key: [UInt8]) async {
        await keys.add(hmac: HMACKey(from: key), digestAlgorithm: .sha256)
    }

    /// A token for an account.
    ///
    /// - Parameter end: `nil`: it never expires.
    func make(for account: UUID, from start: Date, until end: Date?) async throws -> String {
        try await keys.sign(
            Claims(
                sub: SubjectClaim(value: account.uuidString.lowercased()), iat: IssuedAtClaim(value: start),
                exp: end.map { ExpirationClaim(value: $0) }))
    }

    /// The account of a token that was signed here and has not expired.
    func account(of token: String, at moment: Date) async -> UUID? {
        guard let claims = try? await keys.verify(token, as: Claims.self) else { return nil }
        if let end = claims.exp, end.value <= moment { return nil }
        return UUID(uuidString: claims.sub.value)
    }
}
