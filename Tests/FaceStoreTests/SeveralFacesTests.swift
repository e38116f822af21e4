import FaceModel
import FaceStore
import Foundation
import Postgres
import TestKit
import Testing

struct SeveralFacesTests {
    private func face(_ axis: Int, _ store: Store, image: [UInt8]? = nil, thumbnail: [UInt8]? = nil) -> FaceRecord {
        FaceRecord(
            image: image, mediaType: "image/jpeg", embedding: .unit(axis), model: store.model, quality: 1,
            pose: HeadPose(yaw: 3, pitch: -2, roll: 1), thumbnail: thumbnail)
    }

    @Test func `faces come and go, and the oldest one left is the reference`() async throws {
        try await Store.with { store in
            let first = face(1, store, image: [1])
            let second = face(2, store, thumbnail: [2])
            let stored = try await store.persons.put(
                PersonRecord(key: .external("x"), texts: PersonTexts(), createdAt: .second(1)),
                faces: [first, second], in: .sharedGallery)
            #expect(stored.person.imageID == first.id)
            let faces = try await store.persons.faces(of: [stored.person.id])
            #expect(faces.map(\.id) == [first.id, second.id])
            #expect(faces.map(\.hasImage) == [true, false])
            #expect(faces.first?.pose == HeadPose(yaw: 3, pitch: -2, roll: 1))

            let third = face(3, store)
            let changed = try #require(
                try await store.persons.changeFaces(
                    of: .external("x"), in: .sharedGallery, adding: [third], removing: .some([first.id]),
                    at: .second(2)))
            #expect(changed.removedFaces == [first.id])
            #expect(changed.person.imageID == second.id)
            #expect(changed.person.createdAt == stored.person.createdAt)
            #expect(try await store.count("images") == 0)

            let replaced = try #require(
                try await store.persons.changeFaces(
                    of: .id(stored.person.id), in: .sharedGallery, adding: [face(4, store, image: [4])],
                    removing: .all, at: .second(3)))
            #expect(Set(replaced.removedFaces) == [second.id, third.id])
            #expect(try await store.count("thumbnails") == 0)
            #expect(try await store.count("images") == 1)
            let nobody = try await store.persons.changeFaces(
                of: .external("y"), in: .sharedGallery, adding: [third], removing: .none, at: .second(4))
            #expect(nobody == nil)
        }
    }

    @Test func `what fails in the companion leaves nothing behind`() async throws {
        try await Store.with { store in
            await #expect(throws: PostgresError.self) {
                try await store.persons.put(
                    PersonRecord(key: .id(UUID()), texts: PersonTexts(), createdAt: .second(1)),
                    faces: [self.face(1, store, image: [1])], in: .sharedGallery
                ) { connection, _ throws(PostgresError) in try connection.execute("SELECT 1 / 0") }
            }
            let left = (try await store.count("persons"), try await store.count("images"))
            #expect(left == (0, 0))
        }
    }

    @Test func `a person moves with its faces`() async throws {
        try await Store.with { store in
            let other = UUID()
            let pool = store.pool
            try await pool.transaction { connection throws(PostgresError) in
                try connection.execute(
                    "INSERT INTO galleries (id, name, created_at) VALUES ($1, 'other', now())", other)
            }
            let person = try await store.put(embedding: .unit(5)).person
            let moved = try #require(
                try await store.persons.move(.id(person.id), from: .sharedGallery, to: other, model: store.model))
            #expect(moved.map(\.id) == [person.imageID])
            #expect(moved.first?.embedding == .unit(5))
            let another = try await store.models.register(ModelFingerprint(bytes: Array(2...9)), name: "another")
            let back = try await store.persons.move(.id(person.id), from: other, to: .sharedGallery, model: another)
            #expect(back?.count == 1 && back?.first?.embedding == nil)
            #expect(
                try await store.persons.move(.id(person.id), from: .sharedGallery, to: other, model: another) != nil)
            let found = try await store.persons.find(.id(person.id), in: other)
            #expect(found?.id == person.id)
            let again = try await store.persons.move(
                .id(person.id), from: .sharedGallery, to: other, model: store.model)
            #expect(again == nil)
        }
    }

    @Test func `a thumbnail is kept once, and only for a face that is there`() async throws {
        try await Store.with { store in
            let thumbnails = ThumbnailRepository(store.pool)
            let person = try await store.put().person
            try await thumbnails.add([1], of: person.imageID)
            try await thumbnails.add([2], of: person.imageID)
            try await thumbnails.add([3], of: UUID())
            #expect(try await thumbnails.find([person.imageID, UUID()]) == [person.imageID: [1]])
        }
    }
}
