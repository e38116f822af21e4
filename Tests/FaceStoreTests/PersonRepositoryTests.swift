import FaceModel
import FaceStore
import Foundation
import Postgres
import TestKit
import Testing

@Suite struct PersonRepositoryTests {
    @Test func `a person comes back as it was stored`() async throws {
        try await Store.with { store in
            let texts = PersonTexts(
                name: "Ana", surname: "O'Hara \"\\", patronymic: " 007 ", department: "北京 🧑‍🚒",
                comment: String(repeating: "ж\n", count: 50_000))
            let stored = try await store.put(texts: texts, second: 5)
            let person = stored.person
            #expect(stored.removedFaces.isEmpty)
            #expect(person.texts == texts)
            #expect(person.createdAt == .second(5))
            #expect(person.galleryID == .sharedGallery)
            #expect(person.externalID == nil && person.platformUserID == nil && person.lastRecognitionAt == nil)
            #expect(person.recognitionCount == 0 && !person.autoCreated)
            #expect(try await store.persons.find([person.id, UUID()]) == [person])
            #expect(try await store.persons.find(.id(person.id), in: .sharedGallery) == person)
            #expect(try await store.persons.find(.id(person.id), in: UUID()) == nil)
            #expect(try await store.persons.attributes(of: person.id) == "{}")
        }
    }

    @Test func `texts of any length are stored, also those in an index`() async throws {
        try await Store.with { store in
            // Random digits, since PostgreSQL would compress a repeated one.
            let long = String((0..<200_000).map { _ in Character("\(Int.random(in: 0...9))") })
            let texts = PersonTexts(name: long, surname: long, patronymic: long, department: long, comment: long)
            let person = try await store.put(.external(long), texts: texts).person
            #expect(person.texts == texts)
            #expect(try await store.persons.find(.external(long), in: .sharedGallery) == person)
            let page = try await store.persons.page(
                PersonQuery(gallery: .sharedGallery, department: long), offset: 0, limit: 10)
            #expect(page.persons == [person])
        }
    }

    @Test func `a NUL is refused and nothing is stored`() async throws {
        try await Store.with { store in
            await #expect(throws: PostgresError.textContainsNUL) {
                try await store.put(texts: PersonTexts(comment: "a\0b"))
            }
            let images = try await store.count("images")
            #expect(images == 0)
        }
    }

    @Test(arguments: [PersonKey.id(UUID()), .external("4711")])
    func `the key of somebody replaces that person`(key: PersonKey) async throws {
        try await Store.with { store in
            let old = try await store.put(
                key, texts: PersonTexts(name: "Old", comment: "gone"), second: 1, isPlatformUser: true,
                attributes: "{\"pin\": 1}"
            ).person
            try await store.put(second: 2)
            try await store.counter.add([RecognitionTally(person: old.id, count: 3, latest: .second(9))])
            let replaced = try await store.put(key, texts: PersonTexts(name: "New"), second: 3, image: [1, 2, 3])
            let new = replaced.person
            #expect(replaced.removedFaces == [old.imageID])
            #expect(new.id == old.id && new.imageID != old.imageID)
            #expect(new.texts == PersonTexts(name: "New"))
            #expect(new.createdAt == .second(3))
            #expect(new.recognitionCount == 3 && new.lastRecognitionAt == .second(9))
            #expect(new.platformUserID == old.platformUserID)
            #expect(try await store.persons.attributes(of: new.id) == "{\"pin\": 1}")
            #expect(try await store.images.find(face: old.imageID) == nil)
            #expect(try await store.images.find(new.id, in: .sharedGallery)?.bytes == [1, 2, 3])
            #expect(try await store.count("faces") == 2)
            #expect(try await store.count("images") == 2)
            let page = try await store.persons.page(PersonQuery(gallery: .sharedGallery), offset: 0, limit: 1)
            #expect(page.persons == [new] && page.total == 2)
        }
    }

    @Test func `callers that put the same key at the same moment replace each other`() async throws {
        try await Store.with { store in
            let id = UUID()
            let removed = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<24 {
                    group.addTask {
                        try await store.put(number.isMultiple(of: 2) ? .id(id) : .external("x")).removedFaces.count
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(removed == 22)
            #expect(try await store.persons.count() == 2)
            #expect(try await store.count("images") == 2)
        }
    }

    @Test func `an unknown gallery has no persons`() async throws {
        try await Store.with { store in
            let error = await #expect(throws: PostgresError.self) {
                try await store.persons.put(
                    PersonRecord(key: .id(UUID()), texts: PersonTexts(), createdAt: .second(0)),
                    face: FaceRecord(
                        image: [], mediaType: "image/jpeg", embedding: .unit(0), model: store.model, quality: 0),
                    in: UUID())
            }
            guard case .statementFailed(.foreignKeyViolation, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            let images = try await store.count("images")
            #expect(images == 0)
        }
    }

    @Test func `platform users get different positive numbers, others none`() async throws {
        try await Store.with { store in
            var numbers: [Int] = []
            for _ in 0..<3 {
                try await store.put()
                numbers.append(try #require(try await store.put(isPlatformUser: true).person.platformUserID))
            }
            #expect(numbers == [1, 2, 3])
        }
    }

    @Test func `an update changes what it names`() async throws {
        try await Store.with { store in
            let old = try await store.put(
                texts: PersonTexts(name: "a", surname: "b", department: "1"), attributes: "{\"x\": 1, \"y\": 1}"
            ).person
            let changed = try await store.persons.update(
                .id(old.id), in: .sharedGallery,
                with: PersonUpdate(surname: "c", department: "", attributes: "{\"y\": 2}"))
            var expected = old
            expected.texts.surname = "c"
            expected.texts.department = ""
            #expect(changed == expected)
            #expect(try await store.persons.attributes(of: old.id) == "{\"x\": 1, \"y\": 2}")
            let nobody = try await store.persons.update(.id(UUID()), in: .sharedGallery, with: PersonUpdate(name: "d"))
            #expect(nobody == nil)
        }
    }

    @Test func `deleting takes faces and photos along and names unknown keys`() async throws {
        try await Store.with { store in
            let first = try await store.put().person
            let second = try await store.put(.external("two")).person
            let third = try await store.put().person
            let unknown: [PersonKey] = [.external("nobody"), .id(UUID())]
            let removed = try await store.persons.remove(
                [.id(first.id), unknown[0], .external("two"), .id(first.id), unknown[1]], from: .sharedGallery)
            #expect(Set(removed.persons) == [first.id, second.id])
            #expect(Set(removed.faces) == [first.imageID, second.imageID])
            #expect(removed.unknownKeys == unknown)
            #expect(try await store.persons.remove([.id(third.id)], from: UUID()).unknownKeys == [.id(third.id)])
            #expect(try await store.count("images") == 1)
            #expect(try await store.persons.removeAll(from: .sharedGallery).persons == [third.id])
            for table in ["persons", "faces", "images"] { #expect(try await store.count(table) == 0) }
        }
    }

    @Test func `deletions, counters and replacements at the same moment do not block each other`() async throws {
        try await Store.with { store in
            var ids: [UUID] = []
            for _ in 0..<40 { ids.append(try await store.put().person.id) }
            let all = ids
            try await withThrowingTaskGroup(of: Void.self) { group in
                for round in 0..<8 {
                    group.addTask {
                        let tallies = all.shuffled().map {
                            RecognitionTally(person: $0, count: 1, latest: .second(round))
                        }
                        try await store.counter.add(tallies)
                    }
                    group.addTask {
                        _ = try await store.persons.remove(
                            all.shuffled().prefix(4).map(PersonKey.id), from: .sharedGallery)
                    }
                    group.addTask { try await store.put(.id(all[round])) }
                }
                try await group.waitForAll()
            }
            #expect(try await store.count("faces") == store.count("persons"))
            #expect(try await store.count("images") == store.count("persons"))
        }
    }
}
