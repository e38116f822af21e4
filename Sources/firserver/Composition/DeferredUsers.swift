import Accounts
import FaceModel
import Foundation
import Synchronization

/// Stands in for the users until the database is there; so long nobody can be told apart.
final class DeferredUsers: UserService {
    private let directory = Mutex<UserDirectory?>(nil)

    /// Asks `directory` from now on.
    func becomeReady(with directory: UserDirectory) { self.directory.withLock { $0 = directory } }

    private func ready() throws(UserError) -> UserDirectory {
        guard let directory = directory.withLock({ $0 }) else { throw .notReady }
        return directory
    }

    func session(
        login: String, password: String, from address: String?, lasting duration: Duration?
    ) async throws(UserError) -> String? {
        try await ready().session(login: login, password: password, from: address, lasting: duration)
    }

    func endSession(_ token: String) async throws(UserError) -> Bool { try await ready().endSession(token) }

    func account(token: String) async throws(UserError) -> AccountIdentity? {
        try await ready().account(token: token)
    }

    func tokens(of account: AccountIdentity) async throws(UserError) -> [AccessToken] {
        try await ready().tokens(of: account)
    }

    func makeToken(
        _ id: UUID, for account: AccountIdentity, until end: Date?
    ) async throws(UserError) -> AccessToken {
        try await ready().makeToken(id, for: account, until: end)
    }

    func renewToken(
        _ id: UUID, of account: AccountIdentity, until end: Date?
    ) async throws(UserError) -> AccessToken? {
        try await ready().renewToken(id, of: account, until: end)
    }

    func removeToken(_ id: UUID, of account: AccountIdentity) async throws(UserError) -> Bool {
        try await ready().removeToken(id, of: account)
    }

    func seal(of id: UUID) throws(UserError) -> [UInt8] { try ready().seal(of: id) }
}
