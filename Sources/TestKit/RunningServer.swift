public import Foundation
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A `firserver` process with a private database on a free port, as a user starts it.
///
/// The program is `FIRSERVER_BINARY` of the environment, else the release build of this checkout.
public final class RunningServer: Sendable {
    /// Why a server could not be started.
    public enum StartFailure: Error {
        /// There is no program at this path; build it with `swift build -c release`.
        case noProgram(String)
        /// The program ended, or did not become ready; the text is the end of its log.
        case notReady(String)
    }

    /// Where the server listens.
    public let port: Int
    /// A client of the server.
    public let client: HTTPClient
    private let process: Mutex<Process>
    private let folder: URL

    /// A server that all tests of the process may share; it ends with the process.
    ///
    /// Tests keep out of each other's way by persons and departments of their own.
    public static func shared() async throws -> RunningServer { try await sharedServer.value }

    private static let sharedServer = Task { try await RunningServer(arguments: []) }

    /// Starts a server and waits until it is ready.
    ///
    /// - Parameters:
    ///   - arguments: settings beyond port and folders, as on the command line.
    ///   - predecessor: a server that ended, whose data the new one takes over.
    ///   - environment: variables beyond those of the test process.
    ///   - isAwaited: whether to wait until it is ready; otherwise only until the port is open.
    public init(
        arguments: [String], environment: [String: String] = [:], after predecessor: RunningServer? = nil,
        isAwaited: Bool = true, patience: Duration = .seconds(60)
    ) async throws {
        let program = Self.program
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw StartFailure.noProgram(program.path)
        }
        port = try await Self.freePort()
        client = HTTPClient(port: port)
        folder =
            predecessor?.folder
            ?? FileManager.default.temporaryDirectory.appending(path: "firserver-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let log = folder.appending(path: "log.txt")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let output = try FileHandle(forWritingTo: log)
        let process = Process()
        process.executableURL = program
        process.arguments =
            [
                "serve", "--http-port", "\(port)", "--data-directory", folder.appending(path: "data").path,
                "--models-directory", Checkout.models.path, "--migrations-directory", Checkout.migrations.path,
            ] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        Self.stopAtExit(process.processIdentifier, folder: folder)
        self.process = Mutex(process)
        let end = ContinuousClock.now + patience
        while try await !answers(isAwaited ? "/readyz" : "/healthz") {
            guard isRunning, ContinuousClock.now < end else {
                let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
                await stop()
                throw StartFailure.notReady(String(text.suffix(2000)))
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Asks the process to stop with SIGTERM, waits for its end and deletes its data unless told otherwise.
    ///
    /// - Returns: the exit status; 0 for a clean end.
    @discardableResult
    public func stop(keepingData: Bool = false) async -> Int32 {
        process.withLock { if $0.isRunning { $0.terminate() } }
        while isRunning { try? await Task.sleep(for: .milliseconds(20)) }
        if !keepingData { try? FileManager.default.removeItem(at: folder) }
        return process.withLock { process in
            Self.children.withLock { $0[process.processIdentifier] = nil }
            return process.terminationStatus
        }
    }

    private var isRunning: Bool { process.withLock { $0.isRunning } }

    /// Asks the process to stop with SIGTERM without waiting.
    public func terminate() { process.withLock { $0.terminate() } }

    /// Kills the process as a crash would; its data stay for a successor, and so does its PostgreSQL.
    public func crash() async {
        process.withLock { process in
            _ = kill(process.processIdentifier, SIGKILL)
            Self.children.withLock { $0[process.processIdentifier] = nil }
        }
        while isRunning { try? await Task.sleep(for: .milliseconds(20)) }
    }

    /// The server's data directory.
    public var dataDirectory: URL { folder.appending(path: "data") }

    /// Sends a signal to the private PostgreSQL.
    public func signalPostgres(_ signal: Int32) throws {
        let file = folder.appending(path: "data/postgres/postmaster.pid")
        let text = try String(contentsOf: file, encoding: .utf8)
        guard let process = text.split(separator: "\n").first.flatMap({ pid_t($0) }) else { return }
        _ = kill(process, signal)
    }

    /// The memory that the process has in use, in mebibytes.
    public func residentMegabytes() throws -> Int {
        let id = process.withLock { $0.processIdentifier }
        let status = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
    }

    /// What the process has logged so far.
    public func log() throws -> String {
        try String(contentsOf: folder.appending(path: "log.txt"), encoding: .utf8)
    }

    private func answers(_ path: String) async throws -> Bool {
        do {
            return try await client.request(.GET, path).status == 200
        } catch {
            return false
        }
    }

    /// The program.
    public static var program: URL {
        if let path = ProcessInfo.processInfo.environment["FIRSERVER_BINARY"] { return URL(filePath: path) }
        return Checkout.root.appending(path: ".build/release/firserver")
    }

    /// A free port below those that the system gives to outgoing connections, never the same one twice.
    private static func freePort() async throws -> Int {
        while true {
            let port = Int.random(in: 20_000..<32_000)
            guard usedPorts.withLock({ $0.insert(port).inserted }) else { continue }
            let channel = try? await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .bind(host: "127.0.0.1", port: port).get()
            guard let channel else { continue }
            try await channel.close()
            return port
        }
    }

    private static let usedPorts = Mutex<Set<Int>>([])

    /// The running servers and their folders.
    private static let children = Mutex<[pid_t: URL]>([:])

    private static let registerGoodbye: Void = {
        _ = atexit { RunningServer.stopAll() }
    }()

    /// A test process ends without telling anybody, so its servers are stopped when the C library says goodbye.
    private static func stopAtExit(_ child: pid_t, folder: URL) {
        children.withLock { $0[child] = folder }
        registerGoodbye
    }

    private static func stopAll() {
        let running = children.withLock { $0 }
        for child in running.keys { _ = kill(child, SIGTERM) }
        for (child, folder) in running {
            for _ in 0..<300 where kill(child, 0) == 0 { usleep(50_000) }
            try? FileManager.default.removeItem(at: folder)
        }
    }
}
