import Foundation
public import HTTPTypes

/// HTTP's Basic scheme (RFC 7617).
public struct BasicAuthentication: Sendable {
    private let realm: String
    private let checker: any CredentialChecker

    /// A scheme that names `realm` in its challenge.
    public init(realm: String, checker: any CredentialChecker) {
        self.realm = realm
        self.checker = checker
    }

    /// Lets a request in.
    ///
    /// - Parameters:
    ///   - needed: how far the request goes.
    ///   - address: where the request comes from, if that is known.
    /// - Returns: how far whoever asks may go.
    /// - Throws: ``RequestFailure/unauthorized(challenge:)`` for missing or wrong credentials,
    ///   ``RequestFailure/forbidden(_:)`` for those of somebody who may not go so far, ``RequestFailure/notReady`` or
    ///   ``RequestFailure/overloaded`` when they cannot be checked.
    @discardableResult
    public func admit(
        _ headers: HTTPFields, for needed: AccessLevel, from address: String?
    ) async throws(RequestFailure) -> AccessLevel {
        let refusal = RequestFailure.unauthorized(challenge: "Basic realm=\"\(realm)\"")
        guard let (login, password) = Self.credentials(headers[.authorization]) else { throw refusal }
        let standing: CredentialStanding
        do {
            standing = try await checker.standing(login: login, password: password, from: address)
        } catch let failure as RequestFailure {
            throw failure
        } catch {
            throw .notReady
        }
        switch standing {
        case .unknown: throw refusal
        case .excluded: throw .forbidden("This account may not use this interface")
        case .admitted(let level):
            guard level >= needed else { throw .forbidden("The role of this account does not allow this") }
            return level
        }
    }

    /// Login and password of an `Authorization` header.
    package static func credentials(_ header: String?) -> (login: String, password: String)? {
        guard let header else { return nil }
        let words = header.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "basic",
            let data = Data(base64Encoded: String(String(words[1]).trimmingBlanks())),
            let text = String(data: data, encoding: .utf8), let colon = text.firstIndex(of: ":")
        else { return nil }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }
}
