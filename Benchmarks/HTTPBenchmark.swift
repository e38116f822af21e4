import FaceAnalysis
import FaceModel
import FaceStore
import Foundation
import NIOHTTP1
import Postgres
import TestKit

/// FindFaces and CreatePerson over HTTP against a server process, closed loop.
struct HTTPBenchmark {
    let duration: Duration
    let galleryFaces: Int

    func run(into table: inout Table) async throws {
        try await TestDatabase.with { database in
            try await fill(database)
            let server = try await RunningServer(
                arguments: [
                    "--database-url", database.configuration.connectionString, "--log-level", "warning",
                    "--analysis-cache", "0",
                ],
                patience: .seconds(120))
            let bodies = try Photo.oneFace.map { photo in
                Array(
                    #"{"server_id":"1","findPersons":1,"image":"\#(Data(try photo.bytes()).base64EncodedString())"}"#
                        .utf8)
            }
            for connections in [1, 8] {
                let (samples, elapsed) = try await load(server, connections, "/firserver/FindFaces", bodies) {
                    $0.contains(#""Sim""#)
                }
                table.add(
                    "FindFaces, \(galleryFaces) faces, \(connections) connection\(connections == 1 ? "" : "s")",
                    samples,
                    rate: Double(samples.count) / (elapsed / .seconds(1)))
            }
            let enrolments = try Photo.oneFace.map { photo in
                let image = Data(try photo.bytes()).base64EncodedString()
                return Array(
                    #"{"server_id":"1","surname":"Bench","department":"bench","image":"\#(image)"}"#.utf8)
            }
            let (samples, elapsed) = try await load(server, 8, "/firserver/CreatePerson", enrolments) {
                $0.contains(#""SUCCESS""#)
            }
            table.add("CreatePerson, 8 connections", samples, rate: Double(samples.count) / (elapsed / .seconds(1)))
            await server.stop()
        }
    }

    /// Persons with random faces, written by COPY as fast as the tables take them.
    private func fill(_ database: TestDatabase) async throws {
        let manifest = try ModelManifest.load(from: Checkout.models)
        _ = try await ModelRepository(database.pool).register(manifest.fingerprint, name: manifest.name)
        let count = galleryFaces
        try await database.pool.withConnection { connection throws(PostgresError) in
            try connection.withoutTimeLimits { () throws(PostgresError) in
                try connection.transaction { () throws(PostgresError) in
                    try connection.fillWithStrangers(count, embeddings: RandomEmbeddings())
                }
            }
        }
    }

    private func load(
        _ server: RunningServer, _ connections: Int, _ path: String, _ bodies: [[UInt8]],
        isRight: @escaping @Sendable (String) -> Bool
    ) async throws -> ([Duration], Duration) {
        for body in bodies { _ = try await server.client.request(.POST, path, body: body) }
        let start = ContinuousClock.now
        let end = start + duration
        let samples = try await withThrowingTaskGroup(of: [Duration].self) { group in
            for connection in 0..<connections {
                group.addTask {
                    let client = HTTPClient(port: server.port)
                    var samples: [Duration] = []
                    var number = connection
                    while ContinuousClock.now < end {
                        let sent = ContinuousClock.now
                        let reply = try await client.request(.POST, path, body: bodies[number % bodies.count])
                        samples.append(ContinuousClock.now - sent)
                        guard reply.status == 200, isRight(reply.text) else { throw WrongAnswer(text: reply.text) }
                        number += 1
                    }
                    return samples
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return (samples, ContinuousClock.now - start)
    }

    struct WrongAnswer: Error {
        let text: String
    }
}
