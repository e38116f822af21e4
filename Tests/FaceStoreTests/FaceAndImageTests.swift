import FaceModel
import FaceStore
import Foundation
import Postgres
import Synchronization
import TestKit
import Testing

@Suite struct FaceAndImageTests {
    @Test func `faces are streamed in the order of insertion`() async throws {
        try await Store.with { store in
            var expected: [FaceKey] = []
            for axis in 0..<20 {
                let person = try await store.put(embedding: .unit(axis)).person
                expected.append(
                    FaceKey(face: person.imageID, person: person.id, gallery: .sharedGallery, model: store.model))
            }
            let found = Mutex<[(FaceKey, [UInt8])]>([])
            let count = try await store.faces.stream { key, bytes in
                let copy = bytes.copiedBytes
                found.withLock { $0.append((key, copy)) }
            }
            #expect(count == 20)
            #expect(found.withLock { $0.map(\.0) } == expected)
            let embeddings = found.withLock { $0.map(\.1) }
            #expect(embeddings == (0..<20).map { Embedding.unit($0).littleEndianBytes })
        }
    }

    @Test func `a large gallery is streamed quickly`() async throws {
        let count = Int(ProcessInfo.processInfo.environment["FIRSERVER_LARGE_GALLERY"] ?? "") ?? 50_000
        try await Store.with { store in
            try await store.fill(persons: count, embeddings: true)
            let sum = Mutex(0)
            let time = try await ContinuousClock().measure {
                let faces = try await store.faces.stream { _, bytes in
                    let first = Int(bytes.bigEndian(as: UInt32.self) ?? 0)
                    sum.withLock { $0 += first + bytes.byteCount }
                }
                #expect(faces == count)
            }
            #expect(sum.withLock { $0 } == count * (count + 1) / 2 + count * 512)
            print("streamed \(count) faces in \(time)")
        }
    }

    @Test func `faces of another model are listed and get a new embedding`() async throws {
        try await Store.with { store in
            let first = try await store.put().person
            let other = try await store.models.register(ModelFingerprint(bytes: Array(11...18)), name: "two")
            let again = try await store.models.register(ModelFingerprint(bytes: Array(11...18)), name: "two")
            #expect(other == again)
            #expect(try await store.models.all()[other] == ModelFingerprint(bytes: Array(11...18)))
            #expect(try await store.faces.madeByOthers(than: store.model).isEmpty)
            #expect(try await store.faces.madeByOthers(than: other).map(\.face) == [first.imageID])
            #expect(try await store.faces.replaceEmbedding(of: first.imageID, with: .unit(7), model: other))
            #expect(try await store.faces.madeByOthers(than: other).isEmpty)
            #expect(try await !store.faces.replaceEmbedding(of: UUID(), with: .unit(7), model: other))
        }
    }

    @Test func `a photo is found by its own id and by its person's`() async throws {
        try await Store.with { store in
            let bytes = (0..<3_000_000).map { _ in UInt8.random(in: 0...255) }
            let person = try await store.put(second: 3, image: bytes).person
            for id in [person.imageID, person.id] {
                let image = try await store.images.find(id, in: .sharedGallery)
                #expect(image?.id == person.imageID)
                #expect(image?.bytes == bytes)
                #expect(image?.mediaType == "image/jpeg")
                #expect(image?.createdAt == .second(3))
            }
            #expect(try await store.images.find(UUID(), in: .sharedGallery) == nil)
            #expect(try await store.images.find(face: person.imageID)?.bytes == bytes)
            #expect(try await store.images.find(face: person.id) == nil)
            for id in [person.imageID, person.id] {
                #expect(try await store.images.find(id, in: UUID()) == nil)
                #expect(try await !store.images.hasFace(id, in: UUID()))
            }
        }
    }

    @Test func `recognitions are added up and times never go back`() async throws {
        try await Store.with { store in
            let first = try await store.put().person
            let second = try await store.put().person
            try await store.counter.add([])
            try await store.counter.add([
                RecognitionTally(person: first.id, count: 2, latest: .second(7)),
                RecognitionTally(person: UUID(), count: 1, latest: .second(8)),
                RecognitionTally(person: first.id, count: 1, latest: .second(5)),
                RecognitionTally(person: second.id, count: 1, latest: .second(6)),
            ])
            try await store.counter.add([RecognitionTally(person: second.id, count: 4, latest: .second(1))])
            let persons = try await store.persons.find([first.id, second.id])
            let byID = Dictionary(uniqueKeysWithValues: persons.map { ($0.id, $0) })
            #expect(byID[first.id]?.recognitionCount == 3)
            #expect(byID[first.id]?.lastRecognitionAt == .second(7))
            #expect(byID[second.id]?.recognitionCount == 5)
            #expect(byID[second.id]?.lastRecognitionAt == .second(6))
        }
    }
}
