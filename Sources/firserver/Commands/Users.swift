import Accounts
import ArgumentParser
import FaceModel
import Foundation

struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add, change, list or remove the accounts of Face Intellect and Enface.",
        discussion: """
            firserver users list                  one line per account: login, role, dialects
            firserver users add --login NAME      reads the password from standard input; an account that there is \
            gets this password, and its sessions end
            firserver users set --login NAME --role reader --dialects face-intellect,enface
            firserver users logout --login NAME   ends all sessions; --tokens deletes the permanent tokens, too
            firserver users remove --login NAME   with all lists, persons, pictures, tokens and sources that only \
            this account had

            A reader reads and searches, an editor changes persons, too, an admin does everything. In Enface an \
            account works on lists of its own, in Face Intellect on the gallery that all share. Unless --role and \
            --dialects say something else a new account is an editor, of Enface when the login is an e-mail address, of \
            Face Intellect when it is not.

            The server must not be running on the same private database; with an external database it may, and \
            follows within five seconds.


            """ + Setting.helpText)

    enum Action: String, ExpressibleByArgument {
        case add, set, list, logout, remove
    }

    @Argument(help: "add, set, list, logout or remove.")
    var action: Action

    @Option(help: "The account's name; without colon.")
    var login: String?

    @Option(help: "How far the account may go: reader, editor or admin.", transform: Self.role)
    var role: AccountRole?

    @Option(help: "Where the account is let in: face-intellect, enface, or both with a comma between.")
    var dialects: Dialects?

    @Flag(help: "Of logout: delete the permanent tokens, too.")
    var tokens = false

    @OptionGroup var arguments: SettingsArguments

    private static func role(_ text: String) throws -> AccountRole {
        guard let role = AccountRole(rawValue: text) else {
            throw ValidationError("--role must be reader, editor or admin")
        }
        return role
    }

    /// The dialects of an option.
    struct Dialects: ExpressibleByArgument {
        let set: Set<AccountDialect>

        init?(argument: String) {
            let words = argument.split(separator: ",", omittingEmptySubsequences: false)
            let dialects = words.compactMap { AccountDialect(rawValue: String($0)) }
            guard dialects.count == words.count else { return nil }
            set = Set(dialects)
        }
    }

    func run() async throws {
        let settings = try await arguments.settings()
        try await exitingCleanly {
            try await Database.withOpen(settings) { database in
                try await database.migrate()
                let accounts = AccountDirectory(database.pool)
                try await act(on: accounts)
                accounts.stop()
            }
        }
    }

    private func act(on accounts: AccountDirectory) async throws {
        switch action {
        case .list:
            for (login, rights) in try await accounts.all() {
                let dialects = rights.dialects.map(\.rawValue).sorted().joined(separator: ",")
                print("\(login) \(rights.role.rawValue) \(dialects)")
            }
        case .add:
            let login = try name()
            let dialect: AccountDialect = login.contains("@") ? .enface : .faceIntellect
            try checkLogin(login, for: dialects?.set ?? [dialect])
            let password = readLine(strippingNewline: true) ?? ""
            try await accounts.put(
                login: login, password: password,
                rights: AccountRights(dialects: dialects?.set ?? [dialect], role: role ?? .editor))
            if role != nil || dialects != nil { try await setRights(on: accounts) }
        case .set:
            guard role != nil || dialects != nil else {
                throw SettingsError("say what to set with --role or --dialects")
            }
            try checkLogin(try name(), for: dialects?.set ?? [])
            try await setRights(on: accounts)
        case .logout:
            try check(try await accounts.endSessions(of: try name(), deletingTokens: tokens))
        case .remove:
            let removed = try await accounts.remove(login: try name())
            try check(removed != nil)
            guard let removed else { return }
            print(
                "removed \(try name()): \(removed.lists) list(s), \(removed.persons) person(s), "
                    + "\(removed.pictures) picture(s)")
        }
    }

    private func setRights(on accounts: AccountDirectory) async throws {
        try check(try await accounts.setRights(of: try name(), dialects: dialects?.set, role: role))
    }

    private func check(_ isKnown: Bool) throws {
        guard isKnown else { throw SettingsError("there is no account \(try name())") }
    }

    /// Enface's login takes nothing but e-mail addresses.
    private func checkLogin(_ login: String, for dialects: Set<AccountDialect>) throws {
        guard !dialects.contains(.enface) || login.contains("@") else {
            throw SettingsError("Enface knows accounts by e-mail addresses, and \(login) is none")
        }
    }

    private func name() throws -> String {
        guard let login else { throw SettingsError("name the account with --login") }
        return login
    }
}
