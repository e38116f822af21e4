import Foundation
import Logging
import Postgres

/// The database in use: the one that is named, or a private one.
struct Database: Sendable {
    let pool: PostgresPool
    /// The private server; `nil` when `DATABASE_URL` names another one.
    let embedded: EmbeddedPostgres?
    /// Keeps other servers away; only a server makes it.
    let claim: DatabaseClaim
    private let migrations: URL

    /// Starts the private server if there is to be one. Nothing is connected yet.
    static func open(_ settings: Settings) async throws -> Database {
        if let url = settings.databaseURL { return Database(PostgresConfiguration(url), embedded: nil, settings) }
        let embedded = try await EmbeddedPostgres.start(
            dataDirectory: settings.dataDirectory.path, programs: settings.postgresBinaries?.path)
        return Database(embedded.configuration, embedded: embedded, settings)
    }

    private init(_ configuration: PostgresConfiguration, embedded: EmbeddedPostgres?, _ settings: Settings) {
        pool = PostgresPool(configuration, size: settings.databaseConnections)
        claim = DatabaseClaim(configuration)
        self.embedded = embedded
        migrations = settings.migrationsDirectory
    }

    /// Lends the database to a command and closes it afterwards.
    static func withOpen(_ settings: Settings, _ body: (Database) async throws -> Void) async throws {
        let database = try await open(settings)
        do {
            try await body(database)
        } catch {
            try? await database.close()
            throw error
        }
        try await database.close()
    }

    /// Runs `body` while the private server is started again whenever it ends, as it is later on by the service group.
    func supervised<R: Sendable>(_ body: () async throws -> R) async throws -> R {
        guard let embedded else { return try await body() }
        let supervision = Task { await embedded.supervise() }
        let result: Result<R, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        supervision.cancel()
        await supervision.value
        return try result.get()
    }

    /// - Returns: the migrations that were applied now.
    @discardableResult
    func migrate() async throws(PostgresError) -> [String] {
        try await MigrationRunner(directory: migrations.path).apply(on: pool)
    }

    /// Whether the database answers.
    func isReachable() async -> Bool {
        let answer = try? await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT true").scalar(Bool.self)
        }
        return answer ?? false
    }

    func close() async throws {
        await pool.close()
        await claim.close()
        try await embedded?.stop()
    }
}
