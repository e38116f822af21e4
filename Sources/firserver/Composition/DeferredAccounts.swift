import Accounts
import HTTPSupport
import Synchronization

/// Stands in for the accounts until the database is there; so long nobody can be let in.
final class DeferredAccounts: CredentialChecker {
    private struct NotReady: Error {}

    private let directory = Mutex<AccountDirectory?>(nil)

    /// Asks `directory` from now on.
    func becomeReady(with directory: AccountDirectory) { self.directory.withLock { $0 = directory } }

    func accepts(login: String, password: String) async throws -> Bool {
        guard let directory = directory.withLock({ $0 }) else { throw NotReady() }
        return try await directory.accepts(login: login, password: password)
    }
}
