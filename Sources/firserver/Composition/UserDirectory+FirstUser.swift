import Accounts
import FaceModel
import Foundation
import Logging

extension UserDirectory {
    /// Makes the user that the configuration names, and a permanent token for it.
    ///
    /// A token that nobody chose is written to a file of the data directory; the log names the file, never the token.
    func add(_ user: FirstUser, tokenFile: SecretFile, logger: Logger) async throws {
        let (account, isNew) = try await ensureFirst(login: user.email, password: user.password)
        if let token = user.token {
            _ = try await makeToken(token, for: account, until: nil)
        } else if isNew {
            let token = UUID()
            do {
                // The file first: a token that works and that nobody knows is of no use.
                try tokenFile.write(token.uuidString.lowercased())
            } catch {
                logger.error(
                    "the first user's token cannot be written, so there is none; choose one with --enface-token",
                    metadata: ["user.token.file": "\(tokenFile.url.path)", "error": "\(error)"])
                return
            }
            _ = try await makeToken(token, for: account, until: nil)
            logger.notice(
                "the permanent token of the Enface dialect's first user is in a file",
                metadata: ["user.token.file": "\(tokenFile.url.path)"])
        }
    }
}
