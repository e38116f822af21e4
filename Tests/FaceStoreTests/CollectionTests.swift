import FaceModel
import FaceStore
import Foundation
import Postgres
import TestKit
import Testing

struct CollectionTests {
    @Test func `a collection is added once, changed, found, paged and removed`() async throws {
        try await Store.with { store in
            let collections = CollectionRepository(store.pool)
            let (one, two) = (UUID(), UUID())
            let added = try await collections.add(one, name: "b", description: "x", at: .second(1))
            #expect(added?.count == 0 && added?.createdAt == .second(1))
            #expect(try await collections.add(UUID(), name: "b", description: nil, at: .second(1)) == nil)
            _ = try await collections.add(two, name: "a", description: nil, at: .second(2))
            let changed = try await collections.change(one, name: nil, description: .some(nil), at: .second(3))
            #expect(changed?.name == "b" && changed?.description == nil && changed?.modifiedAt == .second(3))
            await #expect(throws: PostgresError.self) {
                try await collections.change(one, name: "a", description: nil, at: .second(4))
            }
            let found = try await collections.find([two, UUID(), one])
            #expect(found.map(\.id) == [two, one])
            let page = try await collections.page(ListWindow(offset: 1, limit: 1), of: nil)
            #expect(page.elements.map(\.name) == ["b"] && page.total == 2)
            #expect(try await collections.remove(one))
            let again = try await collections.remove(one)
            #expect(!again)
        }
    }

    @Test func `members come and go with their faces`() async throws {
        try await Store.with { store in
            let collections = CollectionRepository(store.pool)
            let id = UUID()
            _ = try await collections.add(id, name: "c", description: nil, at: .second(1))
            let (one, two) = (try await store.put(embedding: .unit(1)).person, try await store.put().person)
            let first = try #require(
                try await collections.changeMembers(
                    of: id, adding: [one.id, two.id, UUID()], removing: [], model: store.model, at: .second(2)))
            #expect(Set(first.added) == [one.id, two.id])
            #expect(first.addedFaces.first { $0.person == one.id }?.embedding == .unit(1))
            let second = try #require(
                try await collections.changeMembers(
                    of: id, adding: [one.id], removing: [two.id, UUID()], model: store.model, at: .second(3)))
            #expect(second.added.isEmpty && second.removed == [two.id] && second.removedFaces == [two.imageID])
            #expect(try await collections.memberships().map(\.person) == [one.id])
            let nowhere = try await collections.changeMembers(
                of: UUID(), adding: [], removing: [], model: store.model, at: .second(4))
            #expect(nowhere == nil)
            // A person that is gone is gone from everywhere.
            _ = try await store.persons.remove([.id(one.id)], from: .sharedGallery)
            #expect(try await store.count("collection_members") == 0)
        }
    }

    @Test func `a profile is kept beside its person, and names find persons`() async throws {
        try await Store.with { store in
            let (collections, profiles) = (CollectionRepository(store.pool), ProfileRepository(store.pool))
            let collection = UUID()
            _ = try await collections.add(collection, name: "c", description: nil, at: .second(1))
            let profile = PersonProfile(gender: .female, dateOfBirth: "1980-02-29", nationality: "NZ")
            let face = FaceRecord(
                image: nil, mediaType: "image/jpeg", embedding: .unit(3), model: store.model, quality: 1, thumbnail: [7]
            )
            let stored = try await store.persons.put(
                PersonRecord(key: .external("x"), texts: PersonTexts(name: "Jacinda"), createdAt: .second(1)),
                faces: [face], in: .sharedGallery,
                also: ProfileRepository.companion(profile: profile, collections: [collection], at: .second(5)))
            let other = try await store.put(texts: PersonTexts(name: "B Ü+", surname: "A"), second: 2).person

            let uuid = other.id.uuidString
            let ids = try await profiles.ids(of: ["x", uuid, uuid.lowercased(), "y", stored.person.id.uuidString])
            // Who has an id of a client's choice is known by it alone.
            #expect(ids == ["x": stored.person.id, uuid: other.id, uuid.lowercased(): other.id])
            let found = try #require(try await profiles.find([stored.person.id]).first)
            #expect(found.profile == profile && found.faces == [face.id] && found.modifiedAt == .second(5))
            #expect(found.collections.map(\.id) == [collection] && found.collections.first?.count == 1)

            let all = try await profiles.page(ProfileQuery())
            #expect(all.elements.map(\.person.joinedName) == ["A B Ü+", "Jacinda"] && all.total == 2)
            let byBirth = try await profiles.page(
                ProfileQuery(order: .dateOfBirth, window: ListWindow(isDescending: true)))
            #expect(byBirth.elements.map(\.id) == [stored.person.id, other.id])
            for (text, count) in [("jACINDA", 1), ("nz", 1), ("a b ü+", 1), ("nobody", 0), (uuid.lowercased(), 1)] {
                let page = try await profiles.page(ProfileQuery(window: ListWindow(search: text)))
                #expect(page.total == count, "\(text)")
            }
            let members = try await profiles.page(ProfileQuery(collection: collection))
            #expect(members.elements.map(\.id) == [stored.person.id])

            _ = try await store.persons.changeFaces(
                of: .external("x"), in: .sharedGallery, adding: [], removing: .none, at: .second(9),
                also: ProfileRepository.companion(
                    texts: PersonTexts(name: "J"), profile: PersonProfile(), collections: [], at: .second(9)))
            let changed = try #require(try await profiles.find([stored.person.id]).first)
            #expect(changed.profile == PersonProfile() && changed.collections.isEmpty)
            #expect(changed.person.texts.name == "J" && changed.modifiedAt == .second(9))
        }
    }

    @Test func `a named collection has a gallery of its own`() async throws {
        try await Store.with { store in
            let named = NamedCollectionRepository(store.pool)
            let gallery = UUID()
            #expect(try await named.add("n", gallery: gallery, at: .second(1)))
            let again = try await named.add("n", gallery: UUID(), at: .second(1))
            #expect(!again)
            #expect(try await store.count("galleries") == 2)
            let face = FaceRecord(
                image: [1], mediaType: "image/jpeg", embedding: .unit(3), model: store.model, quality: 1)
            let stored = try await store.persons.put(
                PersonRecord(key: .external("x"), texts: PersonTexts(), createdAt: .second(1)), faces: [face],
                in: gallery, also: NamedCollectionRepository.companion(metadata: #"{"b": 1, "a": 2}"#))
            #expect(try await named.metadata(of: [stored.person.id]) == [stored.person.id: #"{"b": 1, "a": 2}"#])
            #expect(try await named.find("n") == NamedCollection(gallery: gallery, name: "n", count: 1))
            #expect(try await named.all().count == 1)
            try await store.persons.removeAll(from: gallery)
            try await named.remove(gallery)
            #expect(try await named.find("n") == nil)
            #expect(try await store.count("enrolment_metadata") == 0)
        }
    }

    @Test func `copies and the reset know of collections`() async throws {
        try await Store.with { store in
            let (collections, snapshots) = (CollectionRepository(store.pool), SnapshotRepository(store.pool))
            let named = NamedCollectionRepository(store.pool)
            let id = UUID()
            _ = try await collections.add(id, name: "c", description: nil, at: .second(1))
            #expect(try await named.add("n", gallery: UUID(), at: .second(1)))
            let person = try await store.put().person
            _ = try await collections.changeMembers(
                of: id, adding: [person.id], removing: [], model: store.model, at: .second(2))
            let name = try #require(SnapshotName("one"))
            try await snapshots.take(name)
            try await snapshots.reset()
            let left = (
                try await store.count("collections"), try await store.count("named_collections"),
                try await store.count("galleries")
            )
            #expect(left == (0, 0, 1))
            #expect(try await snapshots.restore(name))
            #expect(try await collections.find([id]).first?.count == 1)
            #expect(try await named.find("n")?.count == 0)
        }
    }

    @Test func `a key is found by the digest of its secret alone`() async throws {
        try await Store.with { store in
            let keys = APIKeyRepository(store.pool)
            let key = APIKeyRecord(
                name: "k", digest: [UInt8](repeating: 1, count: 32), isReadOnly: true, createdAt: .second(1))
            #expect(try await keys.add(key))
            let again = try await keys.add(key)
            #expect(!again)
            #expect(try await keys.find(digest: key.digest) == key)
            #expect(try await keys.setDisabled(true, name: "k"))
            #expect(try await keys.find(digest: key.digest)?.isDisabled == true)
            var other = key
            other.digest = [UInt8](repeating: 2, count: 32)
            try await keys.replace(other)
            #expect(try await keys.find(digest: key.digest) == nil)
            #expect(try await keys.all().map(\.isDisabled) == [true])
            #expect(try await keys.remove("k"))
            #expect(try await keys.all().isEmpty)
        }
    }
}
