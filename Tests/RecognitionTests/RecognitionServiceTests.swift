import FaceAnalysis
import FaceModel
import Foundation
import Imaging
import Postgres
import Recognition
import TestKit
import Testing

struct RecognitionServiceTests {
    @Test func `who was enrolled with one photo is found by another, and a stranger is not`() async throws {
        try await withService { service, _ in
            let obama = try await service.enrol(.obama, surname: "Obama")
            try await service.enrol(.biden, surname: "Biden")
            let best = try #require(try await service.matches(of: .obama3).first)
            #expect(best.person.id == obama.id && best.similarity >= 0.99)
            let likest = try #require(try await service.matches(of: .personB1).first)
            #expect(likest.similarity < 0.1)
        }
    }

    @Test func `everyone comes once, highest similarity first, up to the limit`() async throws {
        try await withService { service, _ in
            for photo in [Photo.obama, .biden, .personA1, .personB1] { try await service.enrol(photo) }
            let all = try await service.matches(of: .personA2, limit: 100)
            #expect(all.count == 4)
            #expect(all.map(\.similarity) == all.map(\.similarity).sorted(by: >))
            #expect(Set(all.map(\.person.id)).count == 4)
            #expect(
                try await service.matches(of: .personA2, limit: 2).map(\.person.id) == all.prefix(2).map(\.person.id))
        }
    }

    @Test func `a recognition is counted for the best person only, and the answer shows it`() async throws {
        let moment = Date(timeIntervalSince1970: 1_700_000_000.123_9)
        try await withService {
            $0.clock.mode = .fixed(moment)
        } _: { service, _ in
            let obama = try await service.enrol(.obama, surname: "Obama")
            try await service.enrol(.biden, surname: "Biden")
            #expect(obama.recognitionCount == 0 && obama.lastRecognitionAt == nil)
            #expect(abs(obama.createdAt.timeIntervalSince1970 - 1_700_000_000.123) < 1e-6)

            _ = try await service.matches(of: .obama2, counting: false)
            let first = try await service.matches(of: .obama2, counting: true)
            #expect(first.map(\.person.recognitionCount) == [1, 0])
            #expect(first[0].person.lastRecognitionAt == obama.createdAt)
            #expect(try await service.matches(of: .obama2, counting: true)[0].person.recognitionCount == 2)
            // A stranger is nobody's recognition.
            #expect(try await service.matches(of: .personB1, counting: true).allSatisfy { $0.similarity < 0.5 })
            #expect(try await service.everyone().map(\.recognitionCount).sorted() == [0, 2])
        }
    }

    @Test func `a search whose answer fails is not counted`() async throws {
        try await withService { service, database in
            let obama = try await service.enrol(.obama)
            let biden = try await service.enrol(.biden)
            // The second candidate cannot be read, so there is no answer.
            try await database.pool.withConnection { connection throws(PostgresError) in
                try connection.runScript("ALTER TABLE persons ALTER COLUMN surname DROP NOT NULL")
                try connection.execute("UPDATE persons SET surname = NULL WHERE id = $1", biden.id)
            }
            await #expect(throws: RecognitionError.storeFailed) {
                try await service.matches(of: .obama2, counting: true)
            }
            let best = try #require(try await service.matches(of: .obama2, limit: 1).first).person
            #expect(best.id == obama.id)
            #expect(best.recognitionCount == 0)
            #expect(best.lastRecognitionAt == nil)
        }
    }

    @Test func `whom the answer shows as the best is the one who is counted`() async throws {
        try await withService { service, database in
            let gone = try await service.enrol(.obama)
            let left = try await service.enrol(.obama)
            // Deleted since the search, as far as the service can see.
            try await database.pool.withConnection { connection throws(PostgresError) in
                try connection.execute("DELETE FROM faces WHERE person_id = $1", gone.id)
                try connection.execute("DELETE FROM persons WHERE id = $1", gone.id)
            }
            let best = try #require(try await service.matches(of: .obama2, counting: true).first).person
            #expect(best.id == left.id)
            #expect(best.recognitionCount == 1)
        }
    }

    @Test func `recognitions that come together are all counted`() async throws {
        try await withService { service, _ in
            let template = try await template(of: .obama)
            try await service.enrol(.obama)
            try await withThrowingTaskGroup { group in
                for _ in 0..<100 {
                    group.addTask {
                        _ = try await service.identify(
                            .template(template), in: .sharedGallery, limit: 1, counting: true)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await service.everyone().map(\.recognitionCount) == [100])
        }
    }

    @Test func `a person that is replaced keeps counters and id and gets another face`() async throws {
        try await withService { service, _ in
            let first = try await service.enrol(.obama, surname: "Before")
            _ = try await service.matches(of: .obama2, counting: true)
            let second = try await service.enrol(.biden, surname: "After", key: .id(first.id))
            #expect(second.id == first.id && second.imageID != first.imageID)
            #expect(second.recognitionCount == 1 && second.texts.surname == "After")
            #expect(second.createdAt >= first.createdAt)
            let matches = try await service.matches(of: .obama2)
            #expect(matches.map(\.person.id) == [first.id] && matches[0].similarity < 0.5)
            #expect(try await service.image(first.imageID, in: .sharedGallery) == nil)
            #expect(try await service.image(second.imageID, in: .sharedGallery)?.bytes == Photo.biden.bytes())
            // The person's own id is a common slip for the photo's.
            #expect(try await service.image(first.id, in: .sharedGallery)?.bytes == Photo.biden.bytes())
        }
    }

    @Test func `who is deleted is gone at once, photo and all`() async throws {
        try await withService { service, _ in
            let obama = try await service.enrol(.obama)
            let digits = try await service.enrol(.biden, key: .external("40112233"))
            #expect(digits.externalID == "40112233")
            let unknown = PersonKey.id(UUID())
            #expect(try await service.remove([.id(obama.id), unknown], from: .sharedGallery) == [unknown])
            #expect(try await service.matches(of: .obama).map(\.person.id) == [digits.id])
            #expect(try await service.image(obama.imageID, in: .sharedGallery) == nil)
            #expect(try await service.remove([.external("40112233")], from: .sharedGallery).isEmpty)
            #expect(try await service.matches(of: .biden).isEmpty)
            #expect(try await service.everyone().isEmpty)
        }
    }

    @Test func `deleting everyone leaves an empty gallery that works`() async throws {
        try await withService { service, _ in
            for photo in [Photo.obama, .biden, .personA1] { try await service.enrol(photo) }
            try await service.removeAll(from: .sharedGallery)
            #expect(try await service.matches(of: .obama).isEmpty)
            #expect(try await service.everyone().isEmpty)
            try await service.removeAll(from: .sharedGallery)
            try await service.enrol(.personB1)
            #expect(try await service.matches(of: .personB2).count == 1)
        }
    }

    @Test func `a photo must show one face`() async throws {
        try await withService { service, _ in
            func refusal(_ bytes: [UInt8]) async -> RecognitionError? {
                do throws(RecognitionError) {
                    _ = try await service.enrol(
                        PersonDraft(texts: PersonTexts(surname: "x")), face: .photo(bytes), in: .sharedGallery)
                    return nil
                } catch {
                    return error
                }
            }
            #expect(await refusal(try Collage(width: 400, height: 300).picture.jpeg()) == .noFace)
            #expect(await refusal(try Collage.eightFaces().jpeg()) == .severalFaces(8))
            guard case .unreadableImage = await refusal(Array("text".utf8)) else {
                Issue.record("a text is no picture")
                return
            }
            // A passer-by far behind does not spoil a portrait.
            var portrait = Collage(width: 1200, height: 1200)
            portrait.paste(try Collage.grid([.personA2], columns: 1, cellHeight: 1200), x: 0, y: 0)
            portrait.paste(try Collage.grid([.biden], columns: 1, cellHeight: 150), x: 1100, y: 900)
            #expect(await refusal(try portrait.picture.jpeg()) == nil)
            #expect(try await service.everyone().count == 1)
        }
    }

    @Test func `a template enrols and finds without a detection`() async throws {
        try await withService { service, _ in
            let template = try await template(of: .obama)
            let photo = try Collage(width: 64, height: 64).picture.jpeg()
            let person = try await service.enrol(
                PersonDraft(texts: PersonTexts(surname: "Obama")), face: .template(template, photo: photo),
                in: .sharedGallery)
            #expect(try await service.matches(of: .obama2).first?.person.id == person.id)
            let found = try await service.identify(.template(template), in: .sharedGallery, limit: 1, counting: false)
            #expect(found.faces.count == 1 && found.faces[0].face == nil)
            #expect(try #require(found.faces[0].candidates.first).similarity > 0.999)
            #expect(try await service.image(person.imageID, in: .sharedGallery)?.bytes == photo)
            var foreign = template
            foreign[3] ^= 0xFF
            for bad in [foreign, Array(template.dropLast()), []] {
                await #expect(throws: RecognitionError.invalidTemplate) {
                    try await service.identify(.template(bad), in: .sharedGallery, limit: 1, counting: false)
                }
            }
        }
    }

    @Test func `texts are kept byte for byte and NUL is refused`() async throws {
        try await withService { service, _ in
            let texts = PersonTexts(
                name: "  Zoë \u{301}🙂 ", surname: "O'Neil \"x\" \\ ; DROP TABLE persons --",
                patronymic: "007", department: "", comment: String(repeating: "長", count: 30_000))
            let person = try await service.enrol(
                PersonDraft(texts: texts), face: .photo(Photo.personA1.bytes()), in: .sharedGallery)
            let stored = try #require(try await service.everyone().first)
            #expect(stored == person)
            #expect(Array(stored.texts.name.utf8) == Array(texts.name.utf8))
            #expect(stored.texts == texts)
            await #expect(throws: RecognitionError.invalidText) {
                try await service.enrol(.personA1, surname: "a\u{0}b")
            }
            await #expect(throws: RecognitionError.invalidText) {
                try await service.update(.id(person.id), in: .sharedGallery, changes: PersonChanges(comment: "\u{0}"))
            }
            await #expect(throws: RecognitionError.unknownPerson) {
                try await service.update(.id(UUID()), in: .sharedGallery, changes: PersonChanges(comment: "x"))
            }
        }
    }

    @Test func `the number of persons can be limited and replacing still works`() async throws {
        try await withService {
            $0.maxPersons = 2
        } _: { service, _ in
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for photo in [Photo.obama, .biden, .personA1, .personB1] {
                    group.addTask { (try? await service.enrol(photo)) != nil }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 } == 2)
            let someone = try #require(try await service.everyone().first)
            await #expect(throws: RecognitionError.limitReached) { try await service.enrol(.personB2) }
            try await service.enrol(.personB2, key: .id(someone.id))
        }
    }

    @Test func `a face of too little quality is refused where a limit is set`() async throws {
        try await withService {
            $0.settings.minimumPhotoQuality = 0.999
        } _: { service, _ in
            let refusal = await #expect(throws: RecognitionError.self) { try await service.enrol(.obama2) }
            var quality: Float = 1
            if case .lowQuality(let measured) = refusal { quality = measured }
            #expect(quality < 0.999)
            let everyone = try await service.everyone()
            #expect(everyone.isEmpty)
        }
    }

    @Test func `before the galleries are loaded every call says so`() async throws {
        try await TestDatabase.with { database in
            let service = RecognitionService(analyzer: try sharedAnalyzer.get(), pool: database.pool)
            defer { service.stop() }
            #expect(!service.isReady)
            await #expect(throws: RecognitionError.notReady) { try await service.enrol(.obama) }
            await #expect(throws: RecognitionError.notReady) { try await service.image(UUID(), in: .sharedGallery) }
            await #expect(throws: RecognitionError.notReady) {
                try await service.persons(in: .sharedGallery, matching: PersonFilter(), offset: 0, limit: 1)
            }
        }
    }

    private func template(of photo: Photo) async throws -> [UInt8] {
        let analyzer = try sharedAnalyzer.get()
        let face = try #require(try await analyzer.analyze(photo.bytes()).faces.first)
        return FaceTemplate(model: analyzer.manifest.fingerprint, embedding: face.embedding).bytes
    }
}
