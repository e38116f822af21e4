import FaceModel
import Foundation
import Postgres
import Recognition
import TestKit
import Testing

/// Galleries in memory follow the database, whichever use case changes it.
struct CollectionConsistencyTests {
    private func ids(_ service: RecognitionService, _ photo: Photo, in gallery: UUID) async throws -> [UUID] {
        let probe = try await service.probe(from: [.photo(photo.bytes())], isAccurate: false)
        return try await service.matches(of: [probe], in: [gallery], limit: 10)[0]
            .filter { $0.cosine > 0.4 }.map(\.person)
    }

    private func enrol(
        _ service: RecognitionService, _ photos: [Photo], id: String? = nil, in collections: [UUID] = []
    ) async throws -> ProfiledPerson {
        try await service.enrol(
            ProfileDraft(id: id, collections: collections), pictures: photos.map { .photo(try $0.bytes()) })
    }

    @Test func `what any use case does to a person reaches each of the person's collections`() async throws {
        try await withService { service, _ in
            let one = try await service.addCollection(name: "1", description: nil).id
            let two = try await service.addCollection(name: "2", description: nil).id
            let person = try await enrol(service, [.obama, .biden], id: "p", in: [one, two])
            for gallery in [one, two, UUID.sharedGallery] {
                #expect(try await ids(service, .obama2, in: gallery) == [person.id])
                #expect(try await ids(service, .biden, in: gallery) == [person.id])
            }
            // Replaced by the use case of other dialects: new faces everywhere, old ones nowhere.
            try await service.enrol(.personA1, key: .external("p"))
            for gallery in [one, two, UUID.sharedGallery] {
                #expect(try await ids(service, .biden, in: gallery).isEmpty)
                #expect(try await ids(service, .personA2, in: gallery) == [person.id])
            }
            // Pictures and collections change together.
            var changes = ProfileChanges()
            changes.pictures = [.photo(try Photo.biden.bytes())]
            changes.collections = [two]
            _ = try await service.change("p", changes)
            #expect(try await ids(service, .personA2, in: one).isEmpty)
            for photo in [Photo.biden, .personA2] { #expect(try await ids(service, photo, in: two) == [person.id]) }
            // Read anew from the database, everything is the same.
            try await service.load()
            #expect(try await ids(service, .biden, in: one).isEmpty)
            for photo in [Photo.biden, .personA2] { #expect(try await ids(service, photo, in: two) == [person.id]) }

            let unknown = try await service.remove([.id(person.id)], from: .sharedGallery)
            #expect(unknown.isEmpty)
            for gallery in [one, two, UUID.sharedGallery] {
                #expect(try await ids(service, .biden, in: gallery).isEmpty)
            }
            _ = try await enrol(service, [.biden], id: "q", in: [one])
            try await service.removeAll(from: .sharedGallery)
            #expect(try await ids(service, .biden, in: one).isEmpty)
        }
    }

    @Test func `members come and go in memory as in the database`() async throws {
        try await withService { service, _ in
            let collection = try await service.addCollection(name: "1", description: nil).id
            let person = try await service.enrol(.personB1)
            let text = person.id.uuidString
            var changed = try await service.changeMembers(of: collection, adding: [text, "x"], removing: [])
            #expect(changed.added == [text] && changed.removed.isEmpty)
            #expect(try await ids(service, .personB2, in: collection) == [person.id])
            changed = try await service.changeMembers(of: collection, adding: [], removing: [text])
            #expect(changed.removed == [text])
            #expect(try await ids(service, .personB2, in: collection).isEmpty)
            _ = try await service.changeMembers(of: collection, adding: [text], removing: [])
            try await service.removeCollection(collection)
            #expect(try await ids(service, .personB2, in: collection).isEmpty)
            #expect(try await ids(service, .personB2, in: .sharedGallery) == [person.id])
            await #expect(throws: CollectionError.unknownCollection) {
                _ = try await service.changeMembers(of: collection, adding: [text], removing: [])
            }
        }
    }

    @Test func `a search that begins after a deletion never finds the person`() async throws {
        try await withService { service, _ in
            let collection = try await service.addCollection(name: "1", description: nil).id
            let photos: [Photo] = [.obama, .biden, .personA1, .personB1]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, photo) in photos.enumerated() {
                    group.addTask {
                        for round in 0..<6 {
                            let id = "\(number)-\(round)"
                            let person = try await self.enrol(service, [photo], id: id, in: [collection])
                            #expect(try await self.ids(service, photo, in: collection).contains(person.id))
                            #expect(try await service.removePersons([id]) == [id])
                            #expect(try await !self.ids(service, photo, in: collection).contains(person.id))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let page = try await service.profiledPersons(in: nil, by: .name, ListWindow())
            #expect(page.total == 0)
        }
    }

    @Test func `a named collection is nobody else's, and goes with its persons`() async throws {
        try await withService { service, database in
            let collection = try await service.addNamedCollection("n")
            let enrolment = NamedEnrolment(
                id: "1", name: "N", picture: try Photo.biden.bytes(), storage: .none, duplicateCosine: nil,
                metadata: "{}")
            let member = try await service.enrol(enrolment, in: collection)
            #expect(try await ids(service, .biden, in: collection.gallery) == [member.person.id])
            #expect(try await ids(service, .biden, in: .sharedGallery).isEmpty)
            for table in ["images", "thumbnails"] {
                let count = try await database.pool.read { connection throws(PostgresError) in
                    try connection.query("SELECT count(*) FROM \(table)").scalar(Int.self)
                }
                #expect(count == 0)
            }
            #expect(try await service.removeNamedCollection("n").count == 1)
            #expect(try await ids(service, .biden, in: collection.gallery).isEmpty)
            await #expect(throws: CollectionError.unknownCollection) {
                _ = try await service.enrol(enrolment, in: collection)
            }
        }
    }

    @Test func `a probe of several pictures is their mean`() async throws {
        try await withService { service, _ in
            let photos = [Photo.obama, .obama3]
            let pictures = try photos.map { PortraitPicture.photo(try $0.bytes()) }
            let both = try await service.probe(from: pictures, isAccurate: false)
            var embeddings: [Embedding] = []
            for picture in pictures {
                embeddings.append(try await service.probe(from: [picture], isAccurate: false).embedding)
            }
            #expect(both.embedding == Embedding(meanOf: embeddings))
            let careful = try await service.probe(from: [pictures[0]], isAccurate: true)
            #expect(careful.embedding != embeddings[0] && careful.embedding.cosine(to: embeddings[0]) > 0.9)
        }
    }

    @Test func `crops are sealed, and a seal is of one file`() async throws {
        try await withService { service, _ in
            let bytes = try Photo.biden.bytes()
            let examined = try await service.examine(bytes, wantsAttributes: false, wantsThumbnails: true)
            let plain = try #require(examined.thumbnails[0])
            let sealed = try #require(service.sealed([plain])[0])
            #expect(sealed.count > plain.count && Array(sealed.suffix(plain.count - 2)) == Array(plain.dropFirst(2)))
            let probe = try await service.probe(from: [.crop(sealed)], isAccurate: false)
            #expect(probe.embedding.cosine(to: examined.faces[0].embedding) > 0.9)
            await #expect(throws: CollectionError.notAligned) {
                _ = try await service.probe(from: [.crop(bytes)], isAccurate: false)
            }
            // The key outlives the process.
            try await service.load()
            #expect(service.sealed([plain])[0] == sealed)
        }
    }
}
