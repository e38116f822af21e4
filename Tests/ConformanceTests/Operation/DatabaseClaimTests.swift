import Foundation
import Postgres
import TestKit
import Testing

/// One database, one server.
@Suite(.serialized) struct DatabaseClaimTests {
    private static let refusal = "another server works with this database"

    @Test
    func `a second server on one database is refused, commands beside it are not, and a kill leaves nothing behind`()
        async throws
    {
        try await withTemporaryPostgres { postgres in
            let database = ["--database-url", postgres.connectionString]
            let first = try await RunningServer(arguments: database)
            let start = ContinuousClock.now
            let outcome = try await Program.run(
                ["serve", "--http-port", "0", "--models-directory", Checkout.models.path] + database)
            #expect(outcome.status == 1)
            let last = outcome.errors.split(separator: "\n").last ?? ""
            #expect(last.hasPrefix("firserver: \(Self.refusal)"), "\(outcome.errors)")
            #expect(ContinuousClock.now - start < .seconds(30))
            for command in [["users", "list"], ["keys", "list"], ["migrate"]] {
                #expect(try await Program.run(command + database).status == 0, "\(command)")
            }
            #expect(try await first.client.request(.GET, "/readyz").status == 200)
            await first.crash()
            let second = try await RunningServer(arguments: database)
            #expect(await second.stop() == 0)
        }
    }

    @Test func `the claim is made again after an outage, and whoever lost it to another server ends`() async throws {
        try await withTemporaryPostgres { postgres in
            let server = try await RunningServer(arguments: ["--database-url", postgres.connectionString])
            let configuration = PostgresConfiguration(postgres.connectionString)
            let holders = """
                SELECT a.pid FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
                WHERE l.locktype = 'advisory' AND l.granted
                """
            func holder(_ connection: borrowing PostgresConnection) throws -> Int? {
                try connection.query(holders).first { row throws(PostgresError) in try row.decode(0, as: Int.self) }
            }
            func nextHolder(after old: Int?, _ connection: borrowing PostgresConnection) async throws -> Int? {
                for _ in 0..<200 {
                    if let new = try holder(connection), new != old { return new }
                    try await Task.sleep(for: .milliseconds(50))
                }
                return nil
            }
            do {
                let connection = try PostgresConnection(configuration)
                let old = try #require(try holder(connection))
                try connection.execute("SELECT pg_terminate_backend($1::int4)", old)
                #expect(try await nextHolder(after: old, connection) != nil)
            }
            try await postgres.stop()
            try await postgres.start()
            let connection = try PostgresConnection(configuration)
            let new = try #require(try await nextHolder(after: nil, connection))
            #expect(try await server.client.request(.GET, "/readyz").status == 200)

            // Another session takes the lock in the moment in which nobody has it.
            let numbers = try connection.query(
                "SELECT classid::int8 << 32 | objid::int8 FROM pg_locks WHERE locktype = 'advisory'"
            ).scalar(Int.self)
            try connection.runScript(
                "SELECT pg_terminate_backend(\(new)); SELECT pg_sleep(0.1); SELECT pg_advisory_lock(\(numbers))")
            for _ in 0..<300 where try await isUp(server) { try await Task.sleep(for: .milliseconds(100)) }
            #expect(await server.stop(keepingData: true) == 1)
            #expect(try server.log().contains("firserver: \(Self.refusal)"))
        }
    }

    private func isUp(_ server: RunningServer) async throws -> Bool {
        (try? await server.client.request(.GET, "/healthz").status) == 200
    }
}
