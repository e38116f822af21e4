import Accounts
import FaceModel
import Foundation
import Logging

extension UserDirectory {
    /// Makes the user that the configuration names, and a permanent token for it.
    ///
    /// A token that nobody chose is printed once, to standard error: it is the only way in when there is no password.
    func add(_ user: FirstUser, logger: Logger) async throws {
        let (account, isNew) = try await ensureFirst(login: user.email, password: user.password)
        if let token = user.token {
            _ = try await makeToken(token, for: account, until: nil)
        } else if isNew {
            let token = try await makeToken(UUID(), for: account, until: nil)
            printToStandardError("Enface: permanent token of \(user.email): \(token.id.uuidString.lowercased())")
        }
    }
}
