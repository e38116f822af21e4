import Accounts
import FaceModel
import HTTPSupport
import Synchronization

/// Stands in for the accounts until the database is there; so long nobody can be let in.
final class DeferredAccounts: CredentialChecker {
    private struct NotReady: Error {}

    private let directory = Mutex<AccountDirectory?>(nil)

    /// Asks `directory` from now on.
    func becomeReady(with directory: AccountDirectory) { self.directory.withLock { $0 = directory } }

    func standing(login: String, password: String, from address: String?) async throws -> CredentialStanding {
        guard let directory = directory.withLock({ $0 }) else { throw NotReady() }
        let admission: AccountDirectory.Admission?
        do throws(LoginError) {
            admission = try await directory.admission(login: login, password: password, from: address)
        } catch {
            switch error {
            case .tooMany: throw RequestFailure.overloaded
            case .store: throw error
            }
        }
        guard let rights = admission?.rights else { return .unknown }
        guard rights.dialects.contains(.faceIntellect) else { return .excluded }
        return switch rights.role {
        case .reader: .admitted(.reading)
        case .editor: .admitted(.changing)
        case .admin: .admitted(.everything)
        }
    }
}
