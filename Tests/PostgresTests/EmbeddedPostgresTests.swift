import Foundation
import Glibc
import Postgres
import TestKit
import Testing

@Suite(.serialized) struct EmbeddedPostgresTests {
    private static let settings = ["fsync": "off", "shared_buffers": "16MB"]

    private func start(_ directory: String) async throws(PostgresError) -> EmbeddedPostgres {
        try await EmbeddedPostgres.start(dataDirectory: directory, settings: Self.settings)
    }

    private func select(_ pool: PostgresPool) async throws(PostgresError) -> Int {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT count(*) FROM notes").scalar(Int.self)
        }
    }

    @Test func `a server is made, stopped, started again and adopted`() async throws {
        try await withTemporaryDirectory { directory in
            var server: EmbeddedPostgres? = try await start(directory)
            let configuration = try #require(server).configuration
            let pool = PostgresPool(configuration, size: 2)
            try await pool.withConnection { connection throws(PostgresError) in
                try connection.runScript("CREATE TABLE notes (text text); INSERT INTO notes VALUES ('kept')")
            }
            await #expect(throws: PostgresError.dataDirectoryInUse(directory)) { try await self.start(directory) }
            try await server?.stop()
            #expect(server?.processID == nil)
            let time = try await ContinuousClock().measure { try await server?.restart() }
            print("an existing data directory was started in", time)
            #expect(time < .seconds(5))
            #expect(try await select(pool) == 1)

            // The owner goes away without a word; the server stays and the next owner adopts it.
            let process = server?.processID
            server = nil
            let next = try await start(directory)
            #expect(next.processID == process)
            #expect(try await select(pool) == 1)
            await pool.close()
            try await next.stop()
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func `root's own home will do for a data directory`() async throws {
        try await withTemporaryDirectory { directory in
            let home = "\(directory)/home"
            try FileManager.default.createDirectory(
                atPath: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let server = try await start("\(home)/data")
            #expect(server.processID != nil)
            await #expect(throws: PostgresError.dataDirectoryInUse("\(home)/data")) {
                try await self.start("\(home)/data")
            }
            try await server.crash()
            try FileManager.default.removeItem(atPath: server.folder)
        }
    }

    @Test func `what a kill leaves of initdb is not taken for a database`() async throws {
        try await withTemporaryDirectory { directory in
            try FileManager.default.createDirectory(
                atPath: "\(directory)/postgres.new/base", withIntermediateDirectories: true)
            let server = try await start(directory)
            #expect(server.processID != nil)
            #expect(!FileManager.default.fileExists(atPath: "\(directory)/postgres.new"))
            try await server.crash()
        }
    }

    @Test func `a start does not mind an initdb that a kill left behind and that is still writing`() async throws {
        try await withTemporaryDirectory { directory in
            // What the two kinds of attempts leave: one name for all, as it used to be, and one of its own.
            let folders = ["\(directory)/postgres.new", "\(directory)/postgres.new-0123ABCD"]
            let writer = Process()
            writer.executableURL = URL(filePath: "/bin/sh")
            writer.arguments = [
                "-c",
                "while :; do for f; do mkdir -p $f/base; for n in 1 2 3 4 5 6 7 8 9; do : > $f/base/$n; done; done; done",
                "sh",
            ]
            writer.arguments? += folders
            writer.standardError = FileHandle.nullDevice
            try writer.run()
            defer { writer.terminate() }
            for _ in 0..<200 where !FileManager.default.fileExists(atPath: "\(folders[1])/base/1") {
                try await Task.sleep(for: .milliseconds(10))
            }
            var server: EmbeddedPostgres? = try await start(directory)
            #expect(server?.processID != nil)
            writer.terminate()
            writer.waitUntilExit()
            try await server?.crash()
            server = nil
            // The lock goes with the thread of the old one, which ends in a moment.
            for _ in 0..<50 where server == nil {
                server = try? await start(directory)
                if server == nil { try await Task.sleep(for: .milliseconds(100)) }
            }
            // What it wrote to the last went with the start.
            #expect(server?.processID != nil)
            for folder in folders { #expect(!FileManager.default.fileExists(atPath: folder)) }
            try await server?.crash()
        }
    }

    @Test func `a folder that was not given away yet is given away by the next start`() async throws {
        try await withTemporaryDirectory { directory in
            #expect(unsafe mkdir("\(directory)/socket", 0o700) == 0)
            let server = try await start(directory)
            #expect(server.processID != nil)
            try await server.crash()
        }
    }

    @Test func `the database is there though the statement of a killed process makes it at the same moment`()
        async throws
    {
        try await withTemporaryDirectory { directory in
            let administration = try await {
                let server = try await start(directory)
                return PostgresConfiguration(server.connectionString(database: "postgres"))
            }()
            // The owner is gone, its server runs on. Nobody gets past the lock until both have seen that there is no
            // database; whoever came first makes it then.
            let pool = PostgresPool(administration, size: 3)
            try await pool.withConnection { connection throws(PostgresError) in
                try connection.runScript("DROP DATABASE firserver")
            }
            let waiting = "SELECT count(*) FROM pg_locks WHERE relation = 'pg_database'::regclass AND NOT granted"
            @Sendable func wait(for count: Int, _ connection: borrowing PostgresConnection) throws(PostgresError) {
                for _ in 0..<500 {
                    if try connection.query(waiting).scalar(Int.self) >= count { return }
                    usleep(10_000)
                }
            }
            let started = AsyncStream.makeStream(of: Void.self)
            let lock = Task {
                try await pool.withConnection { connection throws(PostgresError) in
                    try connection.transaction { () throws(PostgresError) in
                        try connection.execute("LOCK TABLE pg_database IN SHARE MODE")
                        started.continuation.yield()
                        try wait(for: 1, connection)
                        started.continuation.yield()
                        try wait(for: 2, connection)
                    }
                }
            }
            var turns = started.stream.makeAsyncIterator()
            await turns.next()
            let other = Task {
                try await pool.withConnection { connection throws(PostgresError) in
                    try connection.withoutTimeLimits { () throws(PostgresError) in
                        try connection.runScript("CREATE DATABASE firserver")
                    }
                }
            }
            await turns.next()
            let server = try await start(directory)
            try await lock.value
            // Whoever comes second of the two meets what the first has made.
            _ = try? await other.value
            await pool.close()
            try await server.crash()
        }
    }

    @Test func `a data directory with a long path gets its socket elsewhere`() async throws {
        try await withTemporaryDirectory { directory in
            let deep = directory + "/" + String(repeating: "it's long ", count: 12)
            let server = try await start(deep)
            let pool = PostgresPool(server.configuration, size: 1)
            let answer = try await pool.read { connection throws(PostgresError) in
                try connection.query("SELECT 1").scalar(Int.self)
            }
            #expect(answer == 1)
            await pool.close()
            try await server.crash()
        }
    }

    @Test func `calls fail quickly while PostgreSQL is down and succeed when it is back`() async throws {
        try await withTemporaryDirectory { directory in
            let server = try await start(directory)
            let pool = PostgresPool(server.configuration, size: 4)
            try await pool.withConnection { connection throws(PostgresError) in
                try connection.runScript("CREATE TABLE notes (text text)")
            }
            // Half of the callers are in the middle of their work when the server goes.
            let working = (0..<4).map { _ in
                Task {
                    try await pool.withConnection { connection throws(PostgresError) in
                        try connection.execute("SELECT pg_sleep(10)")
                    }
                }
            }
            try await Task.sleep(for: .milliseconds(200))
            try await server.crash()
            let start = ContinuousClock.now
            for task in working {
                let result = await task.result
                #expect(throws: PostgresError.connectionLost) { try result.get() }
            }
            let errors = await withTaskGroup(of: PostgresError?.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        do throws(PostgresError) {
                            _ = try await self.select(pool)
                            return nil
                        } catch { return error }
                    }
                }
                return await group.reduce(into: [PostgresError?]()) { $0.append($1) }
            }
            #expect(ContinuousClock.now - start < .seconds(20))
            for error in errors { #expect(error?.isUnavailability == true) }

            // Callers that come while the server starts need not notice.
            async let early = select(pool)
            try await server.restart()
            #expect(try await early == 0)
            #expect(try await select(pool) == 0)
            await pool.close()
            try await server.crash()
        }
    }

    @Test func `a killed server is started again with everything that was committed`() async throws {
        try await withTemporaryDirectory { directory in
            let server = try await start(directory)
            let pool = PostgresPool(server.configuration, size: 2, waitingTimeout: .seconds(8))
            try await pool.transaction { connection throws(PostgresError) in
                try connection.runScript("CREATE TABLE notes (text text); INSERT INTO notes VALUES ('kept')")
            }
            let supervision = Task { await server.supervise() }
            let process = try #require(server.processID)
            kill(process, SIGKILL)
            try await Task.sleep(for: .milliseconds(500))
            var found: Int?
            for _ in 0..<40 where found == nil {
                found = try? await select(pool)
                if found == nil { try await Task.sleep(for: .milliseconds(250)) }
            }
            #expect(found == 1)
            #expect(server.processID != process)
            supervision.cancel()
            await supervision.value
            await pool.close()
            try await server.crash()
        }
    }
}
