import Postgres

/// A PostgreSQL of a test's own, which the test may stop and start.
public struct TemporaryPostgres: Sendable {
    private let server: EmbeddedPostgres

    /// How to reach its database.
    public var connectionString: String { server.configuration.connectionString }

    init(_ server: EmbeddedPostgres) { self.server = server }

    /// Stops it as a crash would.
    public func stop() async throws { try await server.crash() }

    /// Starts it again.
    public func start() async throws { try await server.restart() }
}

/// Runs `body` with a PostgreSQL of its own and removes it afterwards.
public func withTemporaryPostgres<R>(_ body: (TemporaryPostgres) async throws -> R) async throws -> R {
    try await withTemporaryDirectory { folder in
        let server = try await EmbeddedPostgres.start(dataDirectory: folder)
        let result: Result<R, any Error>
        do { result = .success(try await body(TemporaryPostgres(server))) } catch { result = .failure(error) }
        try await server.stop()
        return try result.get()
    }
}
