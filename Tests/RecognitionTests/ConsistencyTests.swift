import FaceAnalysis
import FaceModel
import FaceStore
import Foundation
import Postgres
import Recognition
import TestKit
import Testing

/// The gallery in memory equals the database, whatever happens.
struct ConsistencyTests {
    @Test func `changes of one person at the same time leave gallery and database equal`() async throws {
        try await withService { service, database in
            let key = PersonKey.id(UUID())
            let faces = [(Photo.obama, Photo.obama2), (.biden, .biden), (.personA1, .personA2), (.personB1, .personB2)]
            for round in 0..<3 {
                await withTaskGroup { group in
                    for (photo, _) in faces {
                        group.addTask { _ = try? await service.enrol(photo, surname: "\(photo)", key: key) }
                    }
                    group.addTask { _ = try? await service.remove([key], from: .sharedGallery) }
                    group.addTask {
                        _ = try? await service.enrol(
                            PersonDraft(key: .external("77"), texts: PersonTexts(surname: "digits")),
                            face: .photo(Photo.impostor2.bytes()), in: .sharedGallery)
                    }
                    group.addTask { _ = try? await service.remove([.external("77")], from: .sharedGallery) }
                }
                try await expectEqual(service, database, "round \(round)")
            }
        }
    }

    /// A second service that reads the database afresh must find just the same.
    private func expectEqual(
        _ service: RecognitionService, _ database: TestDatabase, _ comment: Comment
    ) async throws {
        let fresh = RecognitionService(analyzer: try sharedAnalyzer.get(), pool: database.pool)
        defer { fresh.stop() }
        try await fresh.load()
        for photo in [Photo.obama2, .biden, .personA2, .personB2, .impostor2] {
            let here = try await service.matches(of: photo, limit: 100)
            let there = try await fresh.matches(of: photo, limit: 100)
            #expect(here.map(\.person) == there.map(\.person), comment)
            #expect(here.map(\.similarity) == there.map(\.similarity), comment)
        }
    }

    @Test func `a new start finds the same persons with the same digits`() async throws {
        try await withService { service, database in
            for photo in [Photo.obama, .biden, .personA1, .personB1] { try await service.enrol(photo) }
            try await expectEqual(service, database, "after a new start")
        }
    }

    @Test func `a start with another model embeds the stored photos anew`() async throws {
        try await withService { service, database in
            let obama = try await service.enrol(.obama)
            try await withTemporaryDirectory { folder in
                // The same network under another identity.
                for file in try FileManager.default.contentsOfDirectory(atPath: Checkout.models.path)
                where file != "model.json" {
                    try FileManager.default.createSymbolicLink(
                        atPath: "\(folder)/\(file)", withDestinationPath: Checkout.models.appending(path: file).path)
                }
                let manifest = try String(contentsOf: Checkout.models.appending(path: "model.json"), encoding: .utf8)
                let sum = try sharedAnalyzer.get().manifest.sha256
                try manifest.replacing(sum, with: String(sum.reversed()))
                    .write(toFile: "\(folder)/model.json", atomically: true, encoding: .utf8)
                let analyzer = try FaceAnalyzer(.init(modelsFolder: URL(filePath: folder), threads: 1))
                let other = RecognitionService(analyzer: analyzer, pool: database.pool)
                defer {
                    other.stop()
                    analyzer.stop()
                }
                #expect(analyzer.manifest.fingerprint != (try sharedAnalyzer.get().manifest.fingerprint))
                try await other.load()
                let best = try #require(try await other.matches(of: .obama2).first)
                #expect(best.person.id == obama.id && best.similarity >= 0.99)
            }
        }
    }

    @Test func `when a commit had no answer the galleries are read again`() async throws {
        try await withService { service, database in
            let running = Task { try await service.run() }
            defer { running.cancel() }
            func compared() async throws -> Int {
                let found = try await service.identify(
                    .photo(Photo.obama2.bytes()), in: .sharedGallery, limit: 1, counting: false)
                return try #require(found.faces.first).comparedCount
            }
            let obama = try await service.enrol(.obama)
            // As if the answer to a deletion's COMMIT had been lost.
            _ = try await PersonRepository(database.pool).remove([.id(obama.id)], from: .sharedGallery)
            #expect(try await compared() == 1)
            service.doubtGalleries()
            let deadline = ContinuousClock.now + .seconds(30)
            while try await compared() == 1, ContinuousClock.now < deadline {}
            #expect(try await compared() == 0)
            let biden = try await service.enrol(.biden)
            #expect(try await service.matches(of: .biden).map(\.person.id) == [biden.id])
        }
    }

    @Test func `when PostgreSQL stops in the middle calls fail quickly, and work again when it returns`() async throws {
        try await withTemporaryDirectory { folder in
            let server = try await EmbeddedPostgres.start(dataDirectory: folder)
            let pool = PostgresPool(server.configuration, size: 4)
            try await MigrationRunner(directory: Checkout.migrations.path).apply(on: pool)
            let service = RecognitionService(analyzer: try sharedAnalyzer.get(), pool: pool)
            defer { service.stop() }
            try await service.load()
            let obama = try await service.enrol(.obama)

            try await server.crash()
            let start = ContinuousClock.now
            await #expect(throws: RecognitionError.storeUnavailable) { try await service.enrol(.biden) }
            await #expect(throws: RecognitionError.storeUnavailable) { try await service.matches(of: .obama2) }
            await #expect(throws: RecognitionError.storeUnavailable) {
                try await service.remove([.id(obama.id)], from: .sharedGallery)
            }
            #expect(ContinuousClock.now - start < .seconds(20))

            try await server.restart()
            // After a long outage the pool tries twice a second, and says no in between.
            let deadline = ContinuousClock.now + .seconds(30)
            while (try? await service.everyone()) == nil, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try await service.matches(of: .obama2).map(\.person.id) == [obama.id])
            let biden = try await service.enrol(.biden)
            #expect(try await service.matches(of: .biden).first?.person.id == biden.id)
            await pool.close()
            try await server.stop()
        }
    }
}
