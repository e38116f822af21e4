import FaceModel
import FaceStore
import Foundation
import Postgres
import TestKit
import Testing

/// A log of 20,000 rows, as a company of some hundred people has after a month.
struct LargeLogTests {
    private static let count = 20_000
    private static let start = Date(timeIntervalSince1970: 2_025_216_000)

    @Test(.contract(.getProtocols, .observed))
    func `20000 rows come in one page within three seconds and are in memory once`() async throws {
        try await withTemporaryPostgres { postgres in
            // The journal of the emulator would keep answers; this is the plain server.
            let server = try await RunningServer(arguments: ["--database-url", postgres.connectionString])
            try await fill(postgres)
            let page: [String: Any] = [
                "server_id": "1", "onlineRefresh": 1, "dateTimeFrom": "2034-03-01T00:00:00.000",
                "dateTimeTo": "2034-04-30T23:59:59.999", "pageSize": 20000, "sim_min": 1,
            ]
            let client = FaceIntellectClient(server: server)
            _ = try await client.call("GetProtocols", page.merging(["pageSize": 100]) { _, new in new })
            let before = try server.residentMegabytes()
            let asked = ContinuousClock.now
            let reply = try await client.call("GetProtocols", page)
            let duration = ContinuousClock.now - asked
            let growth = try server.residentMegabytes() - before
            #expect(reply.json["ProtocolsTotal"] as? Int == Self.count)
            let rows = reply.list("Protocols")
            #expect(rows.count == Self.count)
            #expect(rows.allSatisfy { ($0["Hits"] as? [Any])?.count == 5 })
            let times = rows.compactMap { $0["timestamp"] as? String }
            #expect(times == times.sorted(by: >))
            #expect(duration < .seconds(3), "\(duration)")
            let size = reply.body.count >> 20
            #expect(size > 30 && growth < 2 * size, "\(growth) MiB for an answer of \(size) MiB")

            let visited = ContinuousClock.now
            let faces = try await client.call("GetAnalityc", ["server_id": "1"])
            #expect(faces.json["Total"] as? Int == 100)
            #expect(ContinuousClock.now - visited < .seconds(10))
            #expect(await server.stop() == 0)
        }
    }

    /// Writes rows as the server does, with made-up faces of 100 people, each of them known.
    private func fill(_ postgres: TemporaryPostgres) async throws {
        let pool = PostgresPool(PostgresConfiguration(postgres.connectionString), size: 1)
        let passes = PassRepository(pool)
        let fingerprint = try Checkout.modelFingerprint()
        let model = try await ModelRepository(pool).register(fingerprint, name: "the server's")
        let people = (0..<100).map { (number: Int) in
            PassHit(
                personID: UUID(), externalID: nil, imageID: UUID(), platformUserID: number, similarity: 0.99,
                addedAt: Self.start,
                texts: PersonTexts(
                    name: "Name \(number)", surname: "Surname \(number)", patronymic: "4011\(number)", department: "12",
                    comment: "2"))
        }
        for start in stride(from: 0, to: Self.count, by: 1000) {
            let records = (start..<start + 1000).map { number in
                let hits = (0..<5).map { people[(number + $0) % people.count] }
                let pass = Pass(
                    id: UUID(), cameraID: "\(number % 4)", cameraName: "Gate \(number % 4)",
                    capturedAt: Self.start.addingTimeInterval(Double(120 * number)),
                    attributes: FaceAttributes(age: 31.25, gender: .female, genderConfidence: 0.9), quality: 0.9,
                    embedding: Self.embedding(number), model: fingerprint, hits: hits)
                return PassRecord(pass: pass, picture: [0xFF, 0xD8], model: model)
            }
            try await passes.record(FrameRecord(passes: records))
        }
        await pool.close()
    }

    private static func embedding(_ number: Int) -> Embedding {
        let values = (0..<128).map { Float(($0 * 31 + number % 100 * 17) % 101) - 50 }
        guard let embedding = Embedding(normalizing: values) else { preconditionFailure("no direction") }
        return embedding
    }
}
