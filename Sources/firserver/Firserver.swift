import ArgumentParser

/// The program.
@main
struct Firserver: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "firserver",
        abstract: "A face recognition server that speaks the HTTP API of Face Intellect.",
        discussion: """
            firserver serve            starts the server on port 10000 with a private PostgreSQL
            firserver seed people.json adds people from photos
            firserver serve --help     lists every setting
            """,
        version: version,
        subcommands: [Serve.self, Seed.self, Migrate.self, Users.self, Keys.self, Replay.self, Embed.self, Health.self])
}
