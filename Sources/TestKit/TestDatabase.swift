internal import Foundation
internal import Glibc
public import Postgres

/// A database of a test's own, with all tables, on a private PostgreSQL that all tests of the process share.
///
/// The server is started by the first test that asks and removed when the process ends.
public struct TestDatabase: Sendable {
    /// How to reach the database.
    public let configuration: PostgresConfiguration
    /// A pool of connections to it.
    public let pool: PostgresPool

    /// The folder of the migrations.
    public static let migrationsDirectory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("../../migrations").standardizedFileURL.path

    /// Makes a database, runs `body` with it and drops it.
    ///
    /// - Parameters:
    ///   - isMigrated: whether it has the tables of the migrations; otherwise it is empty.
    ///   - connections: the size of its pool.
    public static func with<R>(
        isMigrated: Bool = true, connections: Int = 4, _ body: (TestDatabase) async throws -> R
    ) async throws -> R {
        let server = try await SharedServer.instance.running()
        let name = "test_\(UUID().uuidString.replacing("-", with: "").lowercased())"
        let administration = PostgresPool(server.server.configuration, size: 1)
        let template = isMigrated ? SharedServer.template : "template0"
        try await administration.withConnection { connection throws(PostgresError) in
            try connection.runScript("CREATE DATABASE \(name) TEMPLATE \(template)")
        }
        let configuration = PostgresConfiguration(server.server.connectionString(database: name))
        let database = TestDatabase(
            configuration: configuration,
            // Tests that load the machine must not make others fail.
            pool: PostgresPool(configuration, size: connections, waitingTimeout: .seconds(60)))
        let result: Result<R, any Error>
        do { result = .success(try await body(database)) } catch { result = .failure(error) }
        await database.pool.close()
        try await administration.withConnection { connection throws(PostgresError) in
            try connection.runScript("DROP DATABASE \(name) WITH (FORCE)")
        }
        await administration.close()
        return try result.get()
    }
}

/// A folder for one test; it is removed when the test ends.
///
/// Every account can enter it, as the private server's account must.
public func withTemporaryDirectory<R>(_ body: (String) async throws -> R) async throws -> R {
    let path = try makeTemporaryDirectory()
    let result: Result<R, any Error>
    do { result = .success(try await body(path)) } catch { result = .failure(error) }
    try? FileManager.default.removeItem(atPath: path)
    return try result.get()
}

private func makeTemporaryDirectory() throws -> String {
    let path = "\(NSTemporaryDirectory())firserver-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        .replacing("//", with: "/")
    try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    return path
}

/// The one server of the process.
private actor SharedServer {
    struct Running: Sendable {
        let server: EmbeddedPostgres
    }

    static let instance = SharedServer()
    static let template = "migrated_template"

    private var start: Task<Running, any Error>?

    func running() async throws -> Running {
        if let start { return try await start.value }
        // Not a child of the first test that asks: a cancelled test must not take the server from the others.
        let task = Task.detached { try await Self.launch() }
        start = task
        return try await task.value
    }

    private static func launch() async throws -> Running {
        ServerRemoval.sweep()
        let directory = try makeTemporaryDirectory()
        // A test database need not survive a power cut.
        let server = try await EmbeddedPostgres.start(
            dataDirectory: directory,
            settings: [
                "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200",
            ])
        ServerRemoval.register(directory: directory, server: server)
        let administration = PostgresPool(server.configuration, size: 1)
        try await administration.withConnection { connection throws(PostgresError) in
            try connection.runScript("CREATE DATABASE \(template)")
        }
        await administration.close()
        let pool = PostgresPool(PostgresConfiguration(server.connectionString(database: template)), size: 1)
        try await MigrationRunner(directory: TestDatabase.migrationsDirectory).apply(on: pool)
        // A database with open connections cannot be a template.
        await pool.close()
        return Running(server: server)
    }
}

/// Removes the server at the end of the process, when nothing asynchronous runs any more.
private enum ServerRemoval {
    private struct Target: Sendable {
        let directory: String
        let process: Int32?
    }

    /// Removes the servers and folders of test processes that were killed.
    static func sweep() {
        let folder = NSTemporaryDirectory()
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let parts = name.split(separator: "-")
            guard parts.count == 4, name.hasPrefix("firserver-test-"), let owner = Int32(parts[2]),
                kill(owner, 0) != 0, errno == ESRCH
            else { continue }
            let directory = "\(folder)/\(name)"
            if let text = try? String(contentsOfFile: "\(directory)/postgres/postmaster.pid", encoding: .utf8),
                let process = text.split(separator: "\n").first.flatMap({ Int32($0) }),
                let command = try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8),
                command.contains(name)
            {
                kill(process, SIGQUIT)
                for _ in 0..<200 where kill(process, 0) == 0 { usleep(10_000) }
            }
            try? FileManager.default.removeItem(atPath: directory)
        }
    }

    nonisolated(unsafe) private static var target: Target?

    static func register(directory: String, server: EmbeddedPostgres) {
        unsafe target = Target(directory: directory, process: server.processID)
        atexit {
            guard let target = unsafe ServerRemoval.target else { return }
            if let process = target.process {
                // An immediate shutdown: the files go away anyhow.
                kill(process, SIGQUIT)
                for _ in 0..<200 where kill(process, 0) == 0 { usleep(10_000) }
            }
            try? FileManager.default.removeItem(atPath: target.directory)
        }
    }
}
