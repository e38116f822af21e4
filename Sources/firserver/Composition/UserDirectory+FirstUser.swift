import Accounts
import FaceModel
import Foundation
import Logging

extension UserDirectory {
    /// Makes the user that the configuration names, and a permanent token for it.
    ///
    /// A token that nobody chose is told once, in the log: it is the only way in when there is no password.
    func add(_ user: FirstUser, logger: Logger) async throws {
        let (account, isNew) = try await ensureFirst(login: user.email, password: user.password)
        if let token = user.token {
            _ = try await makeToken(token, for: account, until: nil)
        } else if isNew {
            let token = try await makeToken(UUID(), for: account, until: nil)
            logger.notice(
                "the first user of the Enface dialect has a permanent token; it is told only once",
                metadata: ["user.email": "\(user.email)", "user.token": "\(token.id.uuidString.lowercased())"])
        }
    }
}
