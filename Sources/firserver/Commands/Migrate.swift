import ArgumentParser
import Postgres

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database to the newest version of its tables, and end.",
        discussion: "The server does this by itself at each start.\n\n" + Setting.helpText)

    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        let settings = try await arguments.settings()
        try await exitingCleanly {
            try await Database.withOpen(settings) { database in
                let applied = try await database.migrate()
                print(applied.isEmpty ? "nothing to do" : applied.map { "applied \($0)" }.joined(separator: "\n"))
            }
        }
    }
}
