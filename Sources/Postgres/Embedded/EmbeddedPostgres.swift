internal import CLibPQ
internal import Foundation
internal import Glibc
public import Logging
internal import NIOPosix
public import ServiceLifecycle

/// A private PostgreSQL server in a data directory of ours, reachable over a Unix socket only.
///
/// The server runs on its own: when this process is killed it stays, and the next start adopts it. One process at a
/// time uses a data directory. As root the server runs under the account `postgres`, since PostgreSQL refuses root.
public final class EmbeddedPostgres: Sendable, Service {
    /// The superuser and the database; who can enter the socket's folder needs no password.
    private static let name = "firserver"

    /// How to reach the database.
    public let configuration: PostgresConfiguration
    /// The process that was running when the server was started or adopted, for tests.
    package var processID: Int32? { runningProcess() }

    /// How many connections one pool may open; ten more are left for administrators.
    public static let usableConnections = 40

    /// The folder of its files, for tests.
    package var folder: String { paths.data }

    private let paths: ServerPaths
    private let programs: String
    private let account: ServerAccount
    private let settings: [String: String]
    private let logger: Logger
    private let lock: DataDirectoryLock
    private let thread: NIOThreadPool

    /// Prepares the data directory where it is new, and starts the server or adopts the one that is running.
    ///
    /// - Parameters:
    ///   - dataDirectory: a folder for this server alone; made where it is missing.
    ///   - programs: the folder of `initdb` and `pg_ctl`; `nil` looks for the newest.
    ///   - settings: PostgreSQL's settings that differ from ours.
    /// - Throws: ``PostgresError/dataDirectoryInUse(_:)``, ``PostgresError/serverFailed(_:)``.
    public static func start(
        dataDirectory: String, programs: String? = nil, settings: [String: String] = [:],
        logger: Logger = Logger(label: "postgres")
    ) async throws(PostgresError) -> EmbeddedPostgres {
        let server = try EmbeddedPostgres(
            dataDirectory: dataDirectory, programs: programs, settings: settings, logger: logger)
        try await server.onThread { () throws(PostgresError) in
            try server.initialize()
            try server.open()
        }
        return server
    }

    private init(
        dataDirectory: String, programs: String?, settings: [String: String], logger: Logger
    ) throws(PostgresError) {
        let account = try ServerAccount()
        let given = ServerPaths(dataDirectory: dataDirectory)
        try Self.makeFolder(given.data)
        lock = try DataDirectoryLock(directory: given.data)
        if try account.canEnter(given.data) {
            paths = given
        } else {
            paths = ServerPaths(dataDirectory: ServerPaths.substitute(for: given.data))
            try Self.makeFolder(paths.data)
            logger.notice(
                "the account of the private server cannot enter the data directory; its files are elsewhere",
                metadata: ["data.directory": "\(given.data)", "postgres.directory": "\(paths.cluster)"])
        }
        self.account = account
        self.programs = if let programs { programs } else { try paths.findPrograms(for: account) }
        self.settings = settings
        self.logger = logger
        configuration = PostgresConfiguration(
            Self.connectionString(socket: paths.socket, database: Self.name))
        thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
    }

    private static func makeFolder(_ path: String) throws(PostgresError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .serverFailed("the folder \(path) cannot be made")
        }
    }

    deinit { thread.shutdownGracefully { _ in } }

    /// Starts the server again whenever it ends, until the task is cancelled.
    public func supervise() async {
        var pause = Duration.milliseconds(100)
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(250))
            guard !Task.isCancelled, runningProcess() == nil else { continue }
            logger.warning("the private PostgreSQL server ended and is started again")
            do throws(PostgresError) {
                try await onThread { () throws(PostgresError) in try self.launch() }
                pause = .milliseconds(100)
            } catch {
                logger.error("the private PostgreSQL server cannot be started", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(10))
            }
        }
    }

    /// Stops the server: open transactions are rolled back, everything else is on disk.
    public func stop() async throws(PostgresError) {
        try await onThread { () throws(PostgresError) in try self.shutDown(mode: "fast") }
    }

    /// Stops the server without a checkpoint, as a crash would; for tests.
    package func crash() async throws(PostgresError) {
        try await onThread { () throws(PostgresError) in try self.shutDown(mode: "immediate") }
    }

    /// Starts the server after ``stop()`` or ``crash()``.
    package func restart() async throws(PostgresError) {
        try await onThread { () throws(PostgresError) in try self.launch() }
    }

    /// Supervises the server until the service group shuts down, and stops it then.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.supervise() }
        try await stop()
    }

    /// The connection string of a database of this server.
    package func connectionString(database: String) -> String {
        Self.connectionString(socket: paths.socket, database: database)
    }

    private static func connectionString(socket: String, database: String) -> String {
        func quoted(_ text: String) -> String {
            "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
        }
        return "host=\(quoted(socket)) port=5432 user=\(name) dbname=\(quoted(database))"
    }

    // MARK: On the thread that may block

    private func onThread<R: Sendable>(
        _ work: @escaping @Sendable () throws(PostgresError) -> R
    ) async throws(PostgresError) -> R {
        // Starting and stopping must come to their end: a cancelled caller still waits for it.
        let result = await withCheckedContinuation { (waiter: CheckedContinuation<Result<R, PostgresError>, Never>) in
            thread.submit { state in
                guard case .active = state else { return waiter.resume(returning: .failure(.closed)) }
                do throws(PostgresError) {
                    waiter.resume(returning: .success(try work()))
                } catch {
                    waiter.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// Makes the cluster under another name first: what a kill leaves half made is never taken for a whole one.
    ///
    /// Each attempt has a name of its own: after a kill the `initdb` of the attempt before may still be writing.
    private func initialize() throws(PostgresError) {
        let leftovers = UnfinishedClusters(paths)
        leftovers.remove()
        guard !FileManager.default.fileExists(atPath: "\(paths.cluster)/PG_VERSION") else { return }
        guard !FileManager.default.fileExists(atPath: paths.cluster) else {
            throw .serverFailed("\(paths.cluster) exists and is no PostgreSQL data directory")
        }
        let unfinished = leftovers.nextPath()
        try account.makeDirectory(unfinished)
        let result = try account.run(
            "\(programs)/initdb",
            [
                "--pgdata=\(unfinished)", "--username=\(Self.name)", "--auth=trust", "--encoding=UTF8", "--locale=C",
                "--no-instructions", "--data-checksums",
            ])
        guard result.status == 0 else { throw .serverFailed("initdb failed: \(result.message)") }
        guard unsafe rename(unfinished, paths.cluster) == 0 else {
            throw .serverFailed("\(unfinished) cannot be renamed")
        }
        // By now whoever wrote there has noticed that the folder is gone.
        leftovers.remove()
    }

    /// Starts the server and sees to the database; a server that is killed meanwhile is started again.
    private func open() throws(PostgresError) {
        for _ in 0..<Self.mostAttempts {
            try launch()
            do throws(PostgresError) {
                return try createDatabase()
            } catch {
                guard error.isUnavailability else { throw error }
            }
        }
        try launch()
        try createDatabase()
    }

    private func launch() throws(PostgresError) {
        try account.makeDirectory(paths.socket)
        let deadline = ContinuousClock.now + Self.longestWait
        var attempts = 0
        while try !adopts() {
            forgetDeadServer()
            try writeSettings()
            let result = try account.run(
                "\(programs)/pg_ctl",
                ["start", "--wait", "--silent", "--timeout=120", "--pgdata=\(paths.cluster)", "--log=\(paths.log)"])
            if result.status == 0 || ping() == PQPING_OK { return }
            // It was killed; or a server that an earlier process was about to start came first; or the processes of a
            // killed one have not noticed yet and keep the files to themselves.
            attempts += 1
            let isWorthWaiting = attempts < Self.mostAttempts || paths.clusterIsInUse() || runningProcess() != nil
            guard isWorthWaiting, ContinuousClock.now < deadline else {
                throw .serverFailed("it does not start: \(result.message); its log is \(paths.log)")
            }
            usleep(400_000)
        }
    }

    /// Whether a server of an earlier process runs and can be used; one that is just starting or stopping is awaited.
    private func adopts() throws(PostgresError) -> Bool {
        let deadline = ContinuousClock.now + Self.longestWait
        while ContinuousClock.now < deadline {
            switch ping() {
            case PQPING_OK: return true
            case PQPING_REJECT: usleep(100_000)
            default: return false
            }
        }
        throw .serverFailed("the running server does not accept connections")
    }

    /// How long a server that an earlier process left is waited for.
    private static let longestWait = Duration.seconds(60)
    /// How often a start is tried when nothing but the failure speaks against it.
    private static let mostAttempts = 15

    private func ping() -> PGPing {
        unsafe PQping(Self.connectionString(socket: paths.socket, database: "postgres") + " connect_timeout=2")
    }

    /// Makes the database where it is missing; the same statement of a killed process may still be at it.
    private func createDatabase() throws(PostgresError) {
        let administration = PostgresConfiguration(
            Self.connectionString(socket: paths.socket, database: "postgres"))
        let connection = try PostgresConnection(administration)
        let found = try connection.query("SELECT count(*) FROM pg_database WHERE datname = $1", Self.name)
        guard try found.scalar(Int.self) == 0 else { return }
        do throws(PostgresError) {
            try connection.withoutTimeLimits { () throws(PostgresError) in
                try connection.runScript("CREATE DATABASE \(Self.name)")
            }
        } catch .statementFailed(let state, _) where [.duplicateDatabase, .uniqueViolation].contains(state) {
            // Either says that the other one has committed.
        }
    }

    private func shutDown(mode: String) throws(PostgresError) {
        guard runningProcess() != nil else { return }
        let result = try account.run(
            "\(programs)/pg_ctl",
            ["stop", "--wait", "--silent", "--timeout=60", "--mode=\(mode)", "--pgdata=\(paths.cluster)"])
        guard result.status == 0 || runningProcess() == nil else {
            throw .serverFailed("it does not stop: \(result.message)")
        }
        // Nothing of ours stays outside of the data directory.
        if !paths.socket.hasPrefix(paths.data) { unsafe rmdir(paths.socket) }
    }

    /// The process of the server, or `nil` when there is none.
    private func runningProcess() -> Int32? {
        guard let process = namedProcess() else { return nil }
        // As the first process of a container we inherit the server, and must ask for its end for it to be over.
        _ = waitpid(process, nil, WNOHANG)
        return (kill(process, 0) == 0 || errno == EPERM) && !ServerPaths.isDead(process) ? process : nil
    }

    /// The process that the server's own file names, whether it runs or not.
    private func namedProcess() -> Int32? {
        guard let text = try? GuardedFolder(paths.cluster, owner: account.user).text(of: "postmaster.pid"),
            let line = text.split(separator: "\n").first
        else { return nil }
        return Int32(line.trimmingPrefix(" "))
    }

    /// A killed server whose end nobody has asked for yet counts as running to PostgreSQL, which would not start beside
    /// it; with a first process that does not ask, as in some containers, never again.
    private func forgetDeadServer() {
        guard let process = namedProcess(), ServerPaths.isDead(process), !paths.clusterIsInUse() else { return }
        unsafe unlink("\(paths.cluster)/postmaster.pid")
    }

    /// Durable and small; statements never reach the log, since they may hold data of persons.
    private func writeSettings() throws(PostgresError) {
        var values = [
            "listen_addresses": "", "unix_socket_directories": "\"\(paths.socket)\"", "port": "5432",
            "unix_socket_permissions": "0700", "max_connections": "\(Self.usableConnections + 10)",
            "shared_buffers": "128MB",
            "work_mem": "16MB", "random_page_cost": "1.1", "maintenance_work_mem": "64MB", "max_wal_size": "1GB",
            "fsync": "on",
            "synchronous_commit": "on", "full_page_writes": "on", "wal_level": "minimal", "max_wal_senders": "0",
            "dynamic_shared_memory_type": "posix", "timezone": "UTC", "log_timezone": "UTC",
            "logging_collector": "off", "log_min_messages": "warning", "log_min_error_statement": "panic",
            "log_error_verbosity": "terse", "log_checkpoints": "off", "log_statement": "none",
            "log_autovacuum_min_duration": "-1", "autovacuum_naptime": "15s", "huge_pages": "off", "jit": "off",
            "client_encoding": "UTF8", "default_text_search_config": "pg_catalog.simple",
            "cluster_name": Self.name, "data_sync_retry": "off",
        ]
        values.merge(settings) { $1 }
        let lines = values.sorted { $0.key < $1.key }.map { key, value in
            "\(key) = '\(value.replacing("'", with: "''"))'"
        }
        let text = "# Written at each start of the server.\n" + lines.joined(separator: "\n") + "\n"
        try GuardedFolder(paths.cluster, owner: account.user).write(text, to: "postgresql.conf", for: account)
    }
}
