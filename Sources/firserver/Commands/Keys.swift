import Accounts
import ArgumentParser
import Foundation

struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add, list, disable or remove the keys that programs call OpenCV Face Recognition with.",
        discussion: """
            firserver keys list
            firserver keys add --name NAME                prints the secret, this once
            firserver keys add --name NAME --read-only    a key that may only look
            firserver keys disable --name NAME            the key is refused until it is enabled again
            firserver keys enable --name NAME
            firserver keys remove --name NAME

            The server must not be running on the same private database; with an external database it may.


            """ + Setting.helpText)

    enum Action: String, ExpressibleByArgument {
        case add, list, disable, enable, remove
    }

    @Argument(help: "add, list, disable, enable or remove.")
    var action: Action

    @Option(help: "The key's name.")
    var name: String?

    @Flag(help: "The key may only look.")
    var readOnly = false

    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        let settings = try await arguments.settings()
        try await exitingCleanly {
            try await Database.withOpen(settings) { database in
                try await database.migrate()
                try await act(on: KeyDirectory(database.pool))
            }
        }
    }

    private func act(on keys: KeyDirectory) async throws {
        switch action {
        case .list:
            for key in try await keys.all() {
                let marks = [key.isReadOnly ? "read-only" : nil, key.isDisabled ? "disabled" : nil].compactMap(\.self)
                print(([key.name] + marks).joined(separator: " "))
            }
        case .add:
            let secret = KeyDirectory.makeSecret()
            try await keys.add(name: try givenName(), secret: secret, isReadOnly: readOnly)
            print(secret)
        case .disable: try check(try await keys.setDisabled(true, name: try givenName()))
        case .enable: try check(try await keys.setDisabled(false, name: try givenName()))
        case .remove: try check(try await keys.remove(name: try givenName()))
        }
    }

    private func check(_ isKnown: Bool) throws {
        guard isKnown else { throw SettingsError("there is no key \(try givenName())") }
    }

    private func givenName() throws -> String {
        guard let name else { throw SettingsError("name the key with --name") }
        return name
    }
}
