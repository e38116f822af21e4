import Foundation
public import HTTPTypes

/// Who says whether a login and a password belong together.
public protocol CredentialChecker: Sendable {
    /// Whether this is the login's password.
    ///
    /// - Throws: when nobody can tell at the moment.
    func accepts(login: String, password: String) async throws -> Bool
}

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
    /// - Throws: ``RequestFailure/unauthorized(challenge:)`` for missing or wrong credentials,
    ///   ``RequestFailure/notReady`` when they cannot be checked.
    public func admit(_ headers: HTTPFields) async throws(RequestFailure) {
        let refusal = RequestFailure.unauthorized(challenge: "Basic realm=\"\(realm)\"")
        guard let (login, password) = Self.credentials(headers[.authorization]) else { throw refusal }
        let isAccepted: Bool
        do {
            isAccepted = try await checker.accepts(login: login, password: password)
        } catch {
            throw .notReady
        }
        guard isAccepted else { throw refusal }
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
