import Accounts
import FaceModel
import Foundation
import HTTPSupport
import Hummingbird
import Recognition

extension EnfaceAPI {
    func logIn(_ call: EnfaceCall) async throws -> Response {
        let email = try call.required("email").text()
        let password = try call.required("password").text()
        guard Self.isEmail(email), password.count >= 6 else { throw EnfaceFailure.invalidSchema }
        let duration = try sessionDuration(call)
        let session = try await asking { () throws(UserError) in
            try await users.session(
                login: email, password: password, from: call.context.clientAddress, lasting: duration)
        }
        guard let session else { throw EnfaceFailure(.forbidden, "access denied", .credentials) }
        return .ok { $0.member("token", session) }
    }

    /// A day unless `valid_days` says something else; `nil` is as long as a session may last.
    private func sessionDuration(_ call: EnfaceCall) throws(EnfaceFailure) -> Duration? {
        guard let field = call["valid_days"] else { return .seconds(86_400) }
        if case .json(let value) = field, !value.isNumber { throw .invalidSchema }
        let days = try field.integer()
        if days == 0, call.profile == .neurovision { return nil }
        guard 1...36_500 ~= days else { throw .invalidSchema }
        return .seconds(86_400 * days)
    }

    /// Something before and behind one `@`, without blanks.
    private static func isEmail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && !$0.contains(where: \.isWhitespace) }
            && text.utf8.count <= 256
    }
}

extension Caller {
    /// `user/logout`, which no platform of the family is known to have: ends the session that the request comes with.
    func logOut() async throws -> Response {
        let isSession = try await asking { () throws(UserError) in try await api.users.endSession(call.token ?? "") }
        guard isSession else {
            throw EnfaceFailure(.badRequest, "not a session, delete the token with token/delete")
        }
        return .ok()
    }

    func tokens() async throws -> Response {
        let tokens = try await asking { () throws(UserError) in try await api.users.tokens(of: account) }
        var writer = JSONWriter()
        writer.array { array in
            for token in tokens { array.object { $0.token(token) } }
        }
        return .json(writer)
    }

    func createToken() async throws -> Response {
        let end = try cappedEnd(try tokenEnd() ?? .some(try now().addingTimeInterval(86_400)))
        let id = try newID()
        let token = try await asking { () throws(UserError) in
            try await api.users.makeToken(id, for: account, until: end)
        }
        return .ok(call.profile.created, message: "new token created") { object in
            object.key("token")
            object.object { $0.token(token) }
        }
    }

    func updateToken() async throws -> Response {
        let id = try call.required("token_id").id()
        guard let wanted = try tokenEnd() else { throw EnfaceFailure.invalidSchema }
        let end = try cappedEnd(wanted)
        let token = try await asking { () throws(UserError) in
            try await api.users.renewToken(id, of: account, until: end)
        }
        guard let token else { throw EnfaceFailure.missing(.ok, "token with this id does not found") }
        return .ok { object in
            object.member("code", 0)
            object.key("token")
            object.object { $0.token(token) }
        }
    }

    func deleteToken() async throws -> Response {
        let id = try call.required("token_id").id()
        let isKnown = try await asking { () throws(UserError) in try await api.users.removeToken(id, of: account) }
        guard isKnown else { throw EnfaceFailure.missing(.ok, "token with this id does not found") }
        return .ok()
    }

    /// The end that a token gets when this one is wanted; `nil` is never.
    private func cappedEnd(_ wanted: Date?) throws(EnfaceFailure) -> Date? {
        guard let longest = api.configuration.longestToken else { return wanted }
        let latest = try now().addingTimeInterval(Double(longest.components.seconds))
        return min(wanted ?? latest, latest)
    }

    /// When a token is to end, by `expires` or `valid_days`; the inner `nil` is never, the outer one not said.
    private func tokenEnd() throws(EnfaceFailure) -> Date?? {
        let now = try now()
        if let field = call["expires"] {
            let text = String(try field.text().trimmingBlanks())
            if text == "never" { return .some(nil) }
            // The later platform also takes a number of days here.
            if call.profile == .neurovision, let days = Double(text), days >= 1, days <= 36_500 {
                return now.addingTimeInterval(86_400 * days)
            }
            guard let end = Timestamp.parse(text), end > now else { throw .invalidSchema }
            return end
        }
        guard let field = call["valid_days"] else { return nil }
        if case .json(let value) = field, !value.isNumber { throw .invalidSchema }
        let days = try field.number()
        guard 1...36_500 ~= days else { throw .invalidSchema }
        return now.addingTimeInterval(86_400 * days)
    }
}

extension JSONWriter {
    fileprivate mutating func token(_ token: AccessToken) {
        member("id", token.id.lowercasedText)
        member("expires", token.expiresAt.map { Timestamp.text($0) + "Z" } ?? "never")
    }
}
