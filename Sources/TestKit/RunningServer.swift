import Foundation
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
    /// - Parameter arguments: settings beyond port and folders, as on the command line.
    public init(arguments: [String], patience: Duration = .seconds(60)) async throws {
        let program = Self.program
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw StartFailure.noProgram(program.path)
        }
        port = try await Self.freePort()
        client = HTTPClient(port: port)
        folder = FileManager.default.temporaryDirectory.appending(path: "firserver-test-\(UUID().uuidString)")
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
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        Self.stopAtExit(process.processIdentifier, folder: folder)
        self.process = Mutex(process)
        let end = ContinuousClock.now + patience
        while try await !isReady {
            guard isRunning, ContinuousClock.now < end else {
                let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
                await stop()
                throw StartFailure.notReady(String(text.suffix(2000)))
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Asks the process to stop with SIGTERM, waits for its end and deletes its data.
    ///
    /// - Returns: the exit status; 0 for a clean end.
    @discardableResult
    public func stop() async -> Int32 {
        process.withLock { if $0.isRunning { $0.terminate() } }
        while isRunning { try? await Task.sleep(for: .milliseconds(20)) }
        try? FileManager.default.removeItem(at: folder)
        return process.withLock { process in
            Self.children.withLock { $0[process.processIdentifier] = nil }
            return process.terminationStatus
        }
    }

    private var isRunning: Bool { process.withLock { $0.isRunning } }

    private var isReady: Bool {
        get async throws {
            do {
                return try await client.request(.GET, "/readyz").status == 200
            } catch {
                return false
            }
        }
    }

    private static var program: URL {
        if let path = ProcessInfo.processInfo.environment["FIRSERVER_BINARY"] { return URL(filePath: path) }
        return Checkout.root.appending(path: ".build/release/firserver")
    }

    private static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        defer { channel.close(promise: nil) }
        return channel.localAddress?.port ?? 0
    }

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
