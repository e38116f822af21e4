import Accounts
import FaceModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Recognition

extension EnfaceAPI {
    /// Finds out who asks and answers.
    func answer(_ call: EnfaceCall) async throws -> Response {
        if call.endpoint == .login { return try await logIn(call) }
        let account = try await account(of: call)
        let me = Caller(account: account, api: self, call: call)
        if call.endpoint.changesLists { try me.requireEditor() }
        switch call.endpoint {
        case .login: return try await logIn(call)
        case .logout: return try await me.logOut()
        case .tokens: return try await me.tokens()
        case .tokenCreate: return try await me.createToken()
        case .tokenUpdate: return try await me.updateToken()
        case .tokenDelete: return try await me.deleteToken()
        case .groups: return try await me.groups()
        case .groupCreate: return try await me.createGroup()
        case .groupUpdate: return try await me.updateGroup()
        case .groupDelete: return try await me.deleteGroups()
        case .sources: return try await me.sources()
        case .sourceCreate: return try await me.createSource()
        case .sourceUpdate: return try await me.updateSource()
        case .sourceDelete: return try await me.deleteSources()
        case .listCreate: return try await me.createList()
        case .lists: return try await me.lists()
        case .listUpdate: return try await me.updateList()
        case .listDelete: return try await me.deleteList()
        case .personCreate: return try await me.createPersons()
        case .person: return try await me.person()
        case .personUpdate: return try await me.updatePerson()
        case .personDelete: return try await me.deletePersons()
        case .compare: return try await me.compare()
        case .detect: return try await me.detect()
        case .action: return try await me.action()
        case .persons: return try await me.persons()
        case .fusion: return try await me.fuse()
        case .vectorSearch: return try await me.searchVectors()
        // Documents are another product of that platform; nothing is made up for them.
        case .documents, .documentSession: throw EnfaceFailure.missing(.notFound, "item with this id not found")
        }
    }

    private func account(of call: EnfaceCall) async throws -> AccountIdentity {
        guard let token = call.token, !token.isEmpty, token.utf8.count <= EnfaceCall.longestToken else {
            throw EnfaceFailure.accessDenied
        }
        guard let account = try await asking({ () throws(UserError) in try await users.account(token: token) }) else {
            throw EnfaceFailure.accessDenied
        }
        return account
    }
}

/// Asks for users and says what a failure means.
func asking<R>(_ body: () async throws(UserError) -> R) async throws(EnfaceFailure) -> R {
    do throws(UserError) {
        return try await body()
    } catch {
        switch error {
        case .notReady, .unavailable: throw .notReady
        case .busy: throw .busy
        case .unknownAccount: throw .accessDenied
        case .failed: throw .internalError
        }
    }
}

/// Somebody with a valid token and what is asked; the calls are its methods.
struct Caller: Sendable {
    let account: AccountIdentity
    let api: EnfaceAPI
    let call: EnfaceCall

    /// Refuses those who may only look.
    func requireEditor() throws(EnfaceFailure) {
        guard account.role >= .editor else { throw .roleDenied }
    }

    /// A fresh id.
    func newID() throws(EnfaceFailure) -> UUID {
        do { return try api.lists.newID() } catch { throw EnfaceFailure(error) }
    }

    /// What time it is.
    func now() throws(EnfaceFailure) -> Date {
        do { return try api.lists.currentTime() } catch { throw EnfaceFailure(error) }
    }
}

extension Response {
    /// An answer that an object's members make.
    static func object(_ status: HTTPResponse.Status = .ok, _ members: (inout JSONWriter) -> Void) -> Response {
        var writer = JSONWriter()
        writer.object(members)
        return .json(writer, status: status)
    }

    /// `{"status":"ok"}`, and what else is to be said.
    static func ok(
        _ status: HTTPResponse.Status = .ok, message: String? = nil, _ members: (inout JSONWriter) -> Void = { _ in }
    ) -> Response {
        .object(status) { object in
            object.member("status", "ok")
            if let message { object.member("message", message) }
            members(&object)
        }
    }
}
