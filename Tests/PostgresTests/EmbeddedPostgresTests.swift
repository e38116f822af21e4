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
