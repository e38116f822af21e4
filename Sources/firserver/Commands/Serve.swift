import ArgumentParser

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server until it is told to stop (SIGTERM or Ctrl-C).",
        discussion: Setting.helpText)

    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        ProcessLimits.giveMemoryBack()
        let settings = try await arguments.settings()
        try await exitingCleanly { try await Server(settings).run() }
    }
}

/// Runs a command; an error ends the program with one line on standard error and status 1.
func exitingCleanly(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch {
        printToStandardError("firserver: \(message(of: error))")
        throw ExitCode.failure
    }
}
