import Accounts
import HTTPSupport
import Synchronization

/// Stands in for the keys until the database is there; so long no key can be looked up.
final class DeferredKeys: KeyChecker {
    private struct NotReady: Error {}

    private let directory = Mutex<KeyDirectory?>(nil)

    /// Asks `directory` from now on.
    func becomeReady(with directory: KeyDirectory) { self.directory.withLock { $0 = directory } }

    func standing(of secret: String) async throws -> KeyStanding {
        guard let directory = directory.withLock({ $0 }) else { throw NotReady() }
        guard !secret.utf8.contains(0), let key = try await directory.find(secret: secret) else { return .unknown }
        if key.isDisabled { return .disabled }
        return key.isReadOnly ? .readOnly : .full
    }
}
