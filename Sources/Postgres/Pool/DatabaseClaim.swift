public import Logging
public import ServiceLifecycle

/// Holds a database for one server: what it keeps in memory follows its own changes only.
///
/// The claim is an advisory lock of one session, on a connection that is used for nothing else. It is gone when the
/// session is, so a server that was killed leaves nothing behind. When the connection breaks the claim is made again; when
/// somebody else was quicker, ``run()`` throws, and the server has to end. Programs that change the database beside a
/// server make no claim.
public final class DatabaseClaim: Sendable, Service {
    // Any number will do as long as all versions of the server use the same one; the migrations have their own.
    private static let lockNumber = 7_305_803_186_422_952
    private static let checkInterval = Duration.seconds(1)

    private let pool: PostgresPool
    private let patience: Duration
    private let logger: Logger

    /// A claim on a database; nothing is connected yet.
    ///
    /// - Parameter patience: how long another claim is waited for: PostgreSQL may not have noticed yet that its server
    ///   is gone.
    public init(
        _ configuration: PostgresConfiguration, patience: Duration = .seconds(5),
        logger: Logger = Logger(label: "postgres")
    ) {
        var configuration = configuration
        configuration.applicationName = "firserver, holds the database"
        pool = PostgresPool(configuration, size: 1, logger: logger)
        self.patience = patience
        self.logger = logger
    }

    /// Makes the claim, or makes sure that it still holds.
    ///
    /// - Throws: ``PostgresError/databaseInUse`` when another server has it, and keeps it.
    public func make() async throws(PostgresError) {
        let deadline = ContinuousClock.now + patience
        var isWaiting = false
        while true {
            // A session gets a lock that it has already.
            let isHeld = try await pool.withConnection { connection throws(PostgresError) in
                try connection.query("SELECT pg_try_advisory_lock($1)", Self.lockNumber).scalar(Bool.self)
            }
            if isHeld { return }
            guard ContinuousClock.now < deadline else { throw .databaseInUse }
            if !isWaiting { logger.notice("another server holds the database; waiting for its end") }
            isWaiting = true
            do { try await Task.sleep(for: .milliseconds(100)) } catch { throw .cancelled }
        }
    }

    /// Makes the claim again whenever it was lost, until the service group shuts down.
    ///
    /// - Throws: ``PostgresError/databaseInUse`` when another server has it now.
    public func run() async throws {
        let result: Result<Void, any Error>
        do {
            try await cancelWhenGracefulShutdown { try await self.watch() }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await close()
        try result.get()
    }

    /// Gives the database to whoever wants it next.
    public func close() async { await pool.close() }

    private func watch() async throws(PostgresError) {
        while !Task.isCancelled {
            guard (try? await Task.sleep(for: Self.checkInterval)) != nil else { return }
            do throws(PostgresError) {
                try await make()
            } catch {
                // While PostgreSQL is away nobody has it.
                guard error.isUnavailability || error == .cancelled else { throw error }
            }
        }
    }
}
