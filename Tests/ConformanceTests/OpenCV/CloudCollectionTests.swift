import Foundation
import TestKit
import Testing

struct CloudCollectionTests {
    @Test(.contract(.openCVCloud, .documented)) func `a collection has its six keys from creation to deletion`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        let name = String(uniqueWord().prefix(40))
        let made = try await client.call(.POST, "collection", ["name": name, "unknown": 1])
        #expect(made.status == 201)
        let keys: Set = ["id", "name", "description", "count", "create_date", "modified_date"]
        #expect(Set(made.json.keys) == keys)
        #expect(made.json["description"] is NSNull)
        #expect(made.json["count"] as? Int == 0)
        let id = try #require(made.json["id"] as? String)
        #expect(id.count == 36 && id == id.lowercased())
        let time = try #require(made.json["create_date"] as? String)
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00/) != nil)

        let changed = try await client.call(
            .PATCH, "collection",
            ["id": id, "name": "\(name)!", "description": "d", "create_date": "x", "modified_date": NSNull()])
        #expect(changed.status == 200 && changed.json["description"] as? String == "d")
        let cleared = try await client.call(.PATCH, "collection", ["id": id, "description": NSNull()])
        #expect(cleared.json["description"] is NSNull && cleared.json["name"] as? String == "\(name)!")
        let found = try await client.call(.GET, "collection/\(id)")
        #expect(found.status == 200 && Set(found.json.keys) == keys)
        let several = try await client.call(.GET, "collections/\(id),\(UUID()),nothing")
        #expect(several.status == 200 && several.list.map { $0["id"] as? String } == [id])
        let gone = try await client.call(.DELETE, "collection/\(id)")
        #expect(gone.status == 200 && gone.json["id"] as? String == id)
        #expect(try await client.call(.GET, "collection/\(id)").isFailure(404, "ERR_ENTITY_NOT_FOUND"))
        #expect(try await client.call(.DELETE, "collection/\(id)").isFailure(404, "ERR_ENTITY_NOT_FOUND"))
        #expect(
            try await client.call(.PATCH, "collection", ["id": id, "name": "x"]).isFailure(404, "ERR_ENTITY_NOT_FOUND"))
    }

    @Test(.contract(.openCVCloud, .decided)) func `two collections never have the same name`() async throws {
        let client = try await OpenCVClient.shared()
        let name = String(uniqueWord().prefix(30))
        _ = try await client.addCollection(name)
        let other = try await client.addCollection()
        #expect(try await client.call(.POST, "collection", ["name": name]).isFailure(409, "ERR_DUPLICATE_ENTITY"))
        #expect(
            try await client.call(.PATCH, "collection", ["id": other, "name": name])
                .isFailure(409, "ERR_DUPLICATE_ENTITY"))
    }

    @Test(.contract(.openCVCloud, .documented)) func `collections are listed by name in pages, with the count of all`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        let word = String(uniqueWord().prefix(20))
        for letter in ["c", "a", "b"] { _ = try await client.addCollection("\(word) \(letter)") }
        func names(_ query: String) async throws -> (names: [String], count: Int?) {
            let text = try #require(word.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            let reply = try await client.call(.GET, "collections?search=\(text.lowercased())&\(query)")
            #expect(reply.status == 200)
            let names = reply.list("collections").compactMap { $0["name"] as? String }
            return (names.map { String($0.suffix(1)) }, reply.json["count"] as? Int)
        }
        #expect(try await names("").names == ["a", "b", "c"])
        let page = try await names("skip=1&take=1&order=DESC")
        #expect(page.names == ["b"] && page.count == 3)
        #expect(try await names("take=0") == ([], 3))
        #expect(try await client.call(.GET, "collections").json["count"] as? Int != nil)
    }

    @Test(.contract(.openCVCloud, .documented)) func `persons come into collections and leave them`() async throws {
        let client = try await OpenCVClient.shared()
        let (one, other) = (try await client.addCollection(), try await client.addCollection())
        let (ann, bob) = (uniqueWord(), uniqueWord())
        try await client.addPerson([.personA1], ["id": ann])
        try await client.addPerson([.personB1], ["id": bob, "collections": [one]])
        for _ in 0..<2 {
            let added = try await client.call(
                .POST, "collection/person", ["collection_id": one, "person_id": ann])
            #expect(added.status == 201)
            #expect(added.json as? [String: String] == ["collection_id": one, "person_id": ann])
        }
        #expect(try await client.call(.GET, "collection/\(one)").json["count"] as? Int == 2)
        #expect(Set(try await client.search(.personA2, ["collection_id": one])) == [ann])
        #expect(try await client.search(.personA2, ["collection_id": other]).isEmpty)

        let changed = try await client.call(
            .PATCH, "collection/persons",
            [
                "collection_id": other, "new_person_ids": [ann, bob, uniqueWord()],
                "removed_person_ids": [ann, uniqueWord()],
            ])
        #expect(changed.status == 200 && changed.json["collection_id"] as? String == other)
        let nobody = try await client.call(
            .PATCH, "collection/persons",
            ["collection_id": other, "new_person_ids": [], "removed_person_ids": NSNull()])
        #expect(nobody.status == 200 && (nobody.json["new_person_ids"] as? [String])?.isEmpty == true)

        let ofBob = try await client.call(.GET, "collections/person/\(bob)")
        #expect(Set(ofBob.list("collections").compactMap { $0["id"] as? String }) == [one, other])
        #expect(ofBob.json["count"] as? Int == 2)
        let left = try await client.call(.DELETE, "collection/person/\(one)/\(bob)")
        #expect(left.status == 200 && left.json as? [String: String] == ["collection_id": one, "person_id": bob])
        #expect(try await client.search(.personB2, ["collection_id": one]).isEmpty)
        #expect(try await client.search(.personB2, ["collection_id": other]) == [bob])
        #expect(try await client.call(.DELETE, "collection/\(other)").status == 200)
        // Persons stay when their collection goes.
        #expect(try await client.call(.GET, "person/\(bob)").json["collections"] as? [String] == [])
        #expect(
            try await client.call(.POST, "search", ["images": [Photo.biden.base64()], "collection_id": other])
                .isFailure(404, "ERR_ENTITY_NOT_FOUND"))
    }

    @Test(.contract(.openCVCloud, .decided)) func `what is unknown is not found`() async throws {
        let client = try await OpenCVClient.shared()
        let (nowhere, nobody) = (UUID().uuidString, uniqueWord())
        let here = try await client.addCollection()
        let known = uniqueWord()
        try await client.addPerson([.personA1], ["id": known])
        for (collection, person) in [(nowhere, known), (here, nobody)] {
            let calls = [
                try await client.call(
                    .POST, "collection/person", ["collection_id": collection, "person_id": person]),
                try await client.call(.DELETE, "collection/person/\(collection)/\(person)"),
            ]
            for reply in calls { #expect(reply.isFailure(404, "ERR_ENTITY_NOT_FOUND"), "\(reply.text)") }
        }
        let calls = [
            try await client.call(
                .PATCH, "collection/persons", ["collection_id": nowhere, "new_person_ids": [known]]),
            try await client.call(.GET, "collections/person/\(nobody)"),
            try await client.call(.GET, "persons/\(nowhere)"),
            try await client.call(
                .POST, "person", ["images": [Photo.biden.base64()], "collections": [nowhere]]),
            try await client.call(.PATCH, "person", ["id": known, "collections": [nowhere]]),
        ]
        for reply in calls { #expect(reply.isFailure(404, "ERR_ENTITY_NOT_FOUND"), "\(reply.text)") }
    }
}
