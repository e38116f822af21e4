import Accounts
import ArgumentParser
import Foundation

struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add, remove or list the accounts that may call the server where authentication is on.",
        discussion: """
            firserver users list
            firserver users add --login NAME      reads the password from standard input
            firserver users remove --login NAME

            The server must not be running on the same private database; with an external database it may.


            """ + Setting.helpText)

    enum Action: String, ExpressibleByArgument {
        case add, remove, list
    }

    @Argument(help: "add, remove or list.")
    var action: Action

    @Option(help: "The account's name; without colon.")
    var login: String?

    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        let settings = try await arguments.settings()
        try await exitingCleanly {
            try await Database.withOpen(settings) { database in
                try await database.migrate()
                let accounts = AccountDirectory(database.pool)
                try await act(on: accounts)
                await accounts.stop()
            }
        }
    }

    private func act(on accounts: AccountDirectory) async throws {
        switch action {
        case .list: print(try await accounts.logins().joined(separator: "\n"))
        case .add:
            let password = readLine(strippingNewline: true) ?? ""
            try await accounts.put(login: try name(), password: password)
        case .remove:
            guard try await accounts.remove(login: try name()) else {
                throw SettingsError("there is no account \(try name())")
            }
        }
    }

    private func name() throws -> String {
        guard let login else { throw SettingsError("name the account with --login") }
        return login
    }
}
