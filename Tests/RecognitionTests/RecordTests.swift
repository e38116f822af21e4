import FaceModel
import Foundation
import Postgres
import Recognition
import Synchronization
import TestKit
import Testing

/// Frames of cameras and what they leave in the log.
struct RecordTests {
    private let start = Date(timeIntervalSince1970: 1_709_726_400)

    @Test func `a recognised pass moves the counters once and raises one event`() async throws {
        try await withService { service, _ in
            let person = try await service.enrol(.personB1)
            let live = service.liveEvents()
            _ = try await service.add(Camera(id: "5", name: "Gate"))
            for offset in [0, 0.4, 0.8] {
                _ = try await record(.personB2, service, at: start + offset)
            }
            let counted = try #require(try await service.everyone().first)
            #expect(counted.recognitionCount == 1 && counted.lastRecognitionAt == start)
            var iterator = live.makeAsyncIterator()
            let event = try #require(await iterator.next())
            #expect(event.name == .findPerson && event.parameters["id"] == person.id.uuidString)
            #expect(event.parameters["capture_date"] == "06-03-2024" && event.parameters["capture_time"] == "12:00:00")
            #expect(try await service.events(10, from: nil, to: nil, name: nil, camera: nil) == [event])
        }
    }

    @Test func `without the selection of the best frame every frame is a pass`() async throws {
        try await withService {
            $0.settings.selectsBestFrame = false
        } _: { service, _ in
            _ = try await service.add(Camera(id: "5", name: "Gate"))
            for offset in [0, 0.1, 0.2] {
                #expect(try await record(.biden, service, at: start + offset).map(\.isNew) == [true])
            }
            #expect(try await passes(service).count == 3)
        }
    }

    @Test func `frames of one camera at the same moment make one pass`() async throws {
        try await withService { service, _ in
            _ = try await service.add(Camera(id: "5", name: "Gate"))
            let news = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        try await record(.biden, service, at: start + Double(number) / 100).first?.isNew ?? false
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(news.count { $0 } == 1)
            #expect(try await passes(service).count == 1)
        }
    }

    @Test func `a person is recognised once for each camera`() async throws {
        try await withService { service, _ in
            _ = try await service.enrol(.biden)
            for id in ["1", "2"] { _ = try await service.add(Camera(id: id, name: id)) }
            for id in ["1", "2"] {
                _ = try await service.record(try Photo.biden.bytes(), camera: id, at: start, in: .sharedGallery)
            }
            #expect(try await service.everyone().first?.recognitionCount == 2)
        }
    }

    @Test func `a stranger at two cameras at once becomes one person`() async throws {
        try await withService {
            $0.settings.addsUnrecognised = true
        } _: { service, _ in
            for id in 0..<6 { _ = try await service.add(Camera(id: "\(id)", name: "")) }
            let added = try await withThrowingTaskGroup(of: Person?.self) { group in
                for id in 0..<6 {
                    group.addTask {
                        try await service.record(
                            try Photo.biden.bytes(), camera: "\(id)", at: start, in: .sharedGallery
                        ).first?.addedPerson
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(added.compactMap(\.self).count == 1)
            #expect(try await service.everyone().map(\.autoCreated) == [true])
        }
    }

    @Test func `what is too old is deleted with its picture, and nothing else`() async throws {
        try await withService {
            $0.clock.mode = .fixed(start)
        } _: { service, database in
            _ = try await service.enrol(.biden)
            _ = try await service.add(Camera(id: "5", name: "Gate"))
            for days in [31.0, 30.1, 29.9, 0] {
                _ = try await record(.biden, service, at: start - days * 86_400)
            }
            let sweep = try await service.sweep()
            #expect(sweep.passes == 2 && sweep.events == 2 && sweep.persons == 0)
            #expect(try await passes(service).count == 2)
            let pictures = try await database.pool.read { connection throws(PostgresError) in
                try connection.query("SELECT count(*) FROM images").scalar(Int.self)
            }
            #expect(pictures == 3)
            #expect(try await service.sweep() == Sweep())
        }
    }

    @Test func `an unknown camera, a broken frame and a server that is not ready are told apart`() async throws {
        try await withService { service, _ in
            await #expect(throws: RecognitionError.unknownCamera) { try await record(.biden, service, at: start) }
            await #expect(throws: RecognitionError.unknownCamera) { try await service.renameCamera("5", to: "x") }
            _ = try await service.add(Camera(id: "5", name: "Gate"))
            await #expect(throws: RecognitionError.self) {
                try await service.record([1, 2, 3], camera: "5", at: nil, in: .sharedGallery)
            }
            #expect(try await passes(service).isEmpty)
        }
        try await TestDatabase.with { database in
            let service = RecognitionService(analyzer: try sharedAnalyzer.get(), pool: database.pool)
            defer { service.stop() }
            await #expect(throws: RecognitionError.notReady) { try await record(.biden, service, at: start) }
            await #expect(throws: RecognitionError.notReady) { try await service.sweep() }
        }
    }

    private func record(
        _ photo: Photo, _ service: RecognitionService, at time: Date
    ) async throws -> [RecordedFace] {
        try await service.record(try photo.bytes(), camera: "5", at: time, in: .sharedGallery)
    }

    private func passes(_ service: RecognitionService) async throws -> [Pass] {
        let found = Mutex<[Pass]>([])
        _ = try await service.passes(matching: PassFilter(), offset: 0, limit: 1000) { batch in
            found.withLock { $0 += batch }
            return true
        }
        return found.withLock { $0 }
    }
}
