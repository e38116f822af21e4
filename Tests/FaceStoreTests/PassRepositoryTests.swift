import FaceModel
import FaceStore
import Foundation
import Postgres
import Synchronization
import Testing

struct PassRepositoryTests {
    private let start = Date(timeIntervalSince1970: 1_709_726_400)

    @Test func `pages of many batches come in order with every hit`() async throws {
        try await Store.with { store in
            let passes = PassRepository(store.pool)
            let model = store.model
            let written = (0..<1200).map { number in
                pass(at: start + Double(number / 2), hits: number % 4)
            }
            for chunk in stride(from: 0, to: written.count, by: 100) {
                let records = written[chunk..<chunk + 100].map { PassRecord(pass: $0, picture: [0xFF], model: model) }
                try await passes.record(FrameRecord(passes: records))
            }
            let all = try await read(passes, PassFilter())
            #expect(all.total == 1200)
            // Equal times: the newest insertion first.
            #expect(all.passes == written.reversed())
            let part = try await read(passes, PassFilter(), offset: 500, limit: 600)
            #expect(part.passes == Array(written.reversed()[500..<1100]) && part.total == 1200)
            #expect(try await read(passes, PassFilter(), order: .oldestFirst).passes == written)
            #expect(try await read(passes, PassFilter(isRecognised: false)).total == 300)
            #expect(try await read(passes, PassFilter(isRecognised: true), limit: 0).total == 900)
            #expect(try await read(passes, PassFilter(from: start + 1, to: start + 2)).total == 4)
            #expect(try await read(passes, PassFilter(), offset: .max).passes.isEmpty)
        }
    }

    @Test func `a frame is written whole or not at all`() async throws {
        try await Store.with { store in
            let passes = PassRepository(store.pool)
            let model = store.model
            let first = pass(at: start, hits: 1)
            try await passes.record(FrameRecord(passes: [PassRecord(pass: first, picture: [1], model: model)]))
            var second = pass(at: start, hits: 1)
            second.cameraName = "with a NUL \u{0}"
            await #expect(throws: PostgresError.textContainsNUL) {
                try await passes.record(
                    FrameRecord(passes: [
                        PassRecord(pass: pass(at: start, hits: 0), picture: [1], model: model),
                        PassRecord(pass: second, picture: [1], model: model),
                    ]))
            }
            #expect(try await read(passes, PassFilter()).passes == [first])
        }
    }

    @Test func `a better picture keeps time and camera`() async throws {
        try await Store.with { store in
            let passes = PassRepository(store.pool)
            let model = store.model
            let first = pass(at: start, hits: 0)
            try await passes.record(FrameRecord(passes: [PassRecord(pass: first, picture: [1], model: model)]))
            let better = Pass(
                id: first.id, cameraID: first.cameraID, cameraName: first.cameraName, capturedAt: first.capturedAt,
                attributes: FaceAttributes(age: 31.5, gender: .female, genderConfidence: 0.9), quality: 0.95,
                embedding: first.embedding, model: first.model, hits: pass(at: start, hits: 2).hits)
            let gone = pass(at: start, hits: 0)
            try await passes.record(
                FrameRecord(improvements: [better, gone].map { PassRecord(pass: $0, picture: [2, 3], model: model) }))
            #expect(try await read(passes, PassFilter()).passes == [better])
            #expect(try await store.images.find(first.id, in: .sharedGallery)?.bytes == [2, 3])
        }
    }

    @Test func `days begin at midnight of the zone that is asked for`() async throws {
        try await Store.with { store in
            let passes = PassRepository(store.pool)
            let model = store.model
            // 23:30 UTC is the next day in Moscow.
            let late = pass(at: start + 11.5 * 3600, hits: 0)
            try await passes.record(FrameRecord(passes: [PassRecord(pass: late, picture: [1], model: model)]))
            let moscow = try #require(TimeZone(identifier: "Europe/Moscow"))
            let utc = try await passes.demographics(PassFilter(), per: .day, in: .gmt)
            let local = try await passes.demographics(PassFilter(), per: .day, in: moscow)
            #expect(utc.map(\.start) == [start - 12 * 3600])
            #expect(local.map(\.start) == [start + 9 * 3600])
            #expect(utc.map(\.count) == [1] && utc.map(\.gender) == [nil] && utc.map(\.age) == [0])
        }
    }

    private func pass(at time: Date, hits: Int) -> Pass {
        Pass(
            id: UUID(), cameraID: "5", cameraName: "Gate", capturedAt: time, attributes: nil, quality: 0.5,
            embedding: Embedding.unit(hits), model: ModelFingerprint(bytes: Array(1...8)),
            hits: (0..<hits).map { rank in
                PassHit(
                    personID: UUID(), externalID: rank == 1 ? "17" : nil, imageID: UUID(),
                    platformUserID: rank == 0 ? 4 : nil, similarity: 1 - Double(rank) / 10, addedAt: start,
                    texts: PersonTexts(name: "n", surname: "s \(rank)", patronymic: "", department: "d", comment: "c"))
            })
    }

    private func read(
        _ repository: PassRepository, _ filter: PassFilter, order: PassRepository.Order = .newestFirst,
        offset: Int = 0, limit: Int = 10_000
    ) async throws -> (passes: [Pass], total: Int) {
        let found = Mutex<[Pass]>([])
        let total = try await repository.read(filter, order: order, offset: offset, limit: limit) { batch in
            found.withLock { $0 += batch }
            return true
        }
        return (found.withLock { $0 }, total)
    }
}
