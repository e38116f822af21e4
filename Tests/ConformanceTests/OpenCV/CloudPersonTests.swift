import Foundation
import Imaging
import TestKit
import Testing

struct CloudPersonTests {
    private static let keys: Set = [
        "id", "name", "thumbnails", "gender", "date_of_birth", "nationality", "notes", "collections", "create_date",
        "modified_date",
    ]

    private func thumbnails(_ person: [String: Any]) -> [String] {
        (person["thumbnails"] as? [[String: String]] ?? []).compactMap { $0["id"] }
    }

    @Test(.contract(.openCVCloud, .observed)) func `a person has ten keys and one to three thumbnails of 112 × 112`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        let collection = try await client.addCollection()
        let nulls = ["id", "date_of_birth", "nationality", "notes", "gender"].map { ($0, NSNull() as Any) }
        let person = try await client.addPerson(
            [.obama, .obama2, .obama3],
            ["name": "Ann Example", "collections": [collection], "is_bulk_insert": false].merging(nulls) { $1 })
        #expect(Set(person.keys) == Self.keys)
        #expect(person["name"] as? String == "Ann Example")
        for key in ["gender", "date_of_birth", "nationality", "notes"] { #expect(person[key] is NSNull) }
        let list = try #require(person["collections"] as? [[String: Any]])
        #expect(list.count == 1 && list[0]["count"] as? Int == 1 && Set(list[0].keys).count == 6)
        let pictures = try #require(person["thumbnails"] as? [[String: String]])
        #expect(pictures.count == 3)
        for picture in pictures {
            let bytes = try #require(picture["thumbnail"].flatMap { Data(base64Encoded: $0) })
            let image = try EncodedImage([UInt8](bytes))
            #expect(image.width == 112 && image.height == 112)
        }
        let id = try #require(person["id"] as? String)
        let found = try await client.call(.GET, "person/\(id)")
        #expect(found.status == 200 && Set(found.json.keys) == Self.keys)
    }

    @Test(.contract(.openCVCloud, .documented)) func `fields of a person are kept, changed and cleared`() async throws {
        let client = try await OpenCVClient.shared()
        let id = "\(uniqueWord()) /ä?#%"
        let person = try await client.addPerson(
            [.personB1],
            ["id": id, "gender": "F", "date_of_birth": "1980-02-29", "nationality": "NZ", "notes": "\u{1F600} \"n\""])
        #expect(person["id"] as? String == id && person["name"] as? String == id)
        let path = try #require(id.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        let found = try await client.call(.GET, "person/\(path)").json
        #expect(found["gender"] as? String == "F" && found["date_of_birth"] as? String == "1980-02-29")
        #expect(found["nationality"] as? String == "NZ" && found["notes"] as? String == "\u{1F600} \"n\"")
        let collection = try await client.addCollection()
        let changed = try await client.call(
            .PATCH, "person", ["id": id, "name": "N", "gender": NSNull(), "collections": [collection]])
        #expect(changed.status == 200 && Set(changed.json.keys) == Self.keys)
        #expect(changed.json["name"] as? String == "N" && changed.json["gender"] is NSNull)
        #expect(changed.json["nationality"] as? String == "NZ")
        let left = try await client.call(
            .PATCH, "person",
            [
                "id": id, "name": NSNull(), "images": NSNull(), "collections": NSNull(), "nationality": NSNull(),
                "date_of_birth": NSNull(), "notes": NSNull(),
            ])
        #expect(left.json["name"] as? String == "N" && (left.json["collections"] as? [Any])?.count == 1)
        for key in ["nationality", "date_of_birth", "notes"] { #expect(left.json[key] is NSNull) }
        #expect(thumbnails(left.json) == thumbnails(person))
        #expect(try await client.call(.DELETE, "person/\(path)").json["id"] as? String == id)
        #expect(try await client.call(.GET, "person/\(path)").isFailure(404, "ERR_ENTITY_NOT_FOUND"))
        #expect(try await client.call(.DELETE, "person/\(path)").isFailure(404, "ERR_ENTITY_NOT_FOUND"))
    }

    @Test(.contract(.openCVCloud, .documented)) func `ids are of one person, letter case counts`() async throws {
        let client = try await OpenCVClient.shared()
        let id = "x\(uniqueWord())"
        try await client.addPerson([.personA1], ["id": id])
        try await client.addPerson([.personA1], ["id": id.lowercased()])
        let again = try await client.call(.POST, "person", ["id": id, "images": [Photo.biden.base64()]])
        #expect(again.isFailure(409, "ERR_DUPLICATE_ENTITY"))
        let made = try await client.addPerson([.personA1])
        let own = try #require(made["id"] as? String)
        #expect(made["name"] as? String == own && UUID(uuidString: own) != nil)
        let taken = try await client.call(.POST, "person", ["id": own, "images": [Photo.biden.base64()]])
        #expect(taken.isFailure(409, "ERR_DUPLICATE_ENTITY"))
    }

    @Test(.contract(.openCVCloud, .documented)) func `pictures are replaced, added and removed within one to three`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        let id = uniqueWord()
        let first = thumbnails(try await client.addPerson([.obama, .biden], ["id": id]))
        let image = try Photo.obama2.base64()
        let added = try await client.call(.POST, "person/images", ["person_id": id, "images": [image]])
        #expect(added.status == 201 && added.list.count == 1)
        #expect(added.list.first.map { Set($0.keys) } == ["id", "person_id", "thumbnail"])
        #expect(added.list.first?["person_id"] as? String == id)
        let tooMany = "ERR_UPDATE_RESULTS_IN_TOO_MANY_THUMBNAILS"
        #expect(
            try await client.call(.POST, "person/images", ["person_id": id, "images": [image]]).isFailure(400, tooMany))
        #expect(
            try await client.call(.PATCH, "person/images", ["id": id, "new_images": [image]]).isFailure(400, tooMany))

        // One goes and one comes: three are left.
        let changed = try await client.call(
            .PATCH, "person/images",
            ["id": id, "name": "Both", "new_images": [image], "removed_thumbnail_ids": [first[1]]])
        #expect(changed.status == 200 && changed.json["name"] as? String == "Both")
        #expect(thumbnails(changed.json).count == 3 && !thumbnails(changed.json).contains(first[1]))
        // The removed face is not found any more, the others are.
        #expect(try await !client.search(.biden, ["min_score": 0.9]).contains(id))
        #expect(try await client.search(.obama3).contains(id))

        let all = thumbnails(changed.json)
        #expect(
            try await client.call(.PATCH, "person/images", ["id": id, "removed_thumbnail_ids": all])
                .isFailure(400, "ERR_UPDATE_RESULTS_IN_NO_THUMBNAILS"))
        for face in all.dropLast() {
            let gone = try await client.call(.DELETE, "person/image/\(id)/\(face)")
            #expect(gone.status == 200 && gone.json["id"] as? String == face)
        }
        #expect(
            try await client.call(.DELETE, "person/image/\(id)/\(all[2])")
                .isFailure(400, "ERR_DELETE_RESULTS_IN_NO_THUMBNAILS"))
        for face in [all[0], "nothing", UUID().uuidString] {
            #expect(
                try await client.call(.DELETE, "person/image/\(id)/\(face)").isFailure(404, "ERR_ENTITY_NOT_FOUND"))
        }
        let replaced = try await client.call(
            .PATCH, "person", ["id": id, "images": [try Photo.personB1.base64(), try Photo.personB2.base64()]])
        #expect(thumbnails(replaced.json).count == 2 && Set(thumbnails(replaced.json)).isDisjoint(with: all))
        #expect(try await client.search(.personB1, ["min_score": 0.95]).contains(id))
        #expect(try await !client.search(.obama2).contains(id))
    }

    @Test(.contract(.openCVCloud, .documented)) func `persons are listed in pages, ordered and filtered`() async throws
    {
        let client = try await OpenCVClient.shared()
        let collection = try await client.addCollection()
        let word = String(uniqueWord().prefix(12))
        let people: [(id: String, fields: [String: Any])] = [
            ("1\(word)", ["name": "b", "date_of_birth": "1990-01-01", "gender": "M", "nationality": "X\(word)"]),
            ("2\(word)", ["name": "c", "date_of_birth": "1970-01-01", "gender": "F", "notes": "likes \(word)s"]),
            ("3\(word)", ["name": "a"]),
        ]
        for person in people {
            try await client.addPerson(
                [.personA1], person.fields.merging(["id": person.id, "collections": [collection]]) { $1 })
        }
        func ids(_ query: String, path: String? = nil) async throws -> [String] {
            let reply = try await client.call(.GET, "\(path ?? "persons/\(collection)")?\(query)")
            #expect(reply.status == 200, "\(reply.text)")
            #expect((reply.json["count"] as? Int ?? 0) >= reply.list("persons").count)
            return reply.list("persons").compactMap { ($0["id"] as? String)?.prefix(1).description }
        }
        #expect(try await ids("") == ["3", "1", "2"])
        #expect(try await ids("order=DESC") == ["2", "1", "3"])
        #expect(try await ids("order_by=date_of_birth") == ["2", "1", "3"])
        #expect(try await ids("order_by=date_of_birth&order=DESC") == ["1", "2", "3"])
        #expect(try await ids("order_by=gender") == ["2", "1", "3"])
        #expect(try await ids("order_by=nationality") == ["1", "2", "3"])
        #expect(try await ids("order_by=create_date") == ["1", "2", "3"])
        #expect(try await ids("order_by=modified_date&order=DESC") == ["3", "2", "1"])
        #expect(try await ids("skip=1&take=1") == ["1"])
        #expect(try await ids("search=x\(word.lowercased())") == ["1"])
        #expect(try await ids("search=LIKES+") == ["2"])
        #expect(Set(try await ids("search=\(word)", path: "persons")) == ["1", "2", "3"])
        #expect(try await client.call(.GET, "persons/\(collection)?take=1").json["count"] as? Int == 3)

        let removed = try await client.call(
            .PATCH, "persons", ["action": "DELETE", "person_ids": [people[1].id, uniqueWord(), people[0].id]])
        #expect(removed.status == 200)
        #expect(removed.list.compactMap { $0["id"] as? String } == [people[1].id, people[0].id])
        #expect(try await ids("") == ["3"])
    }

    @Test(.contract(.openCVCloud, .decided)) func `a picture without a usable face stores nothing`() async throws {
        let client = try await OpenCVClient.shared()
        let id = uniqueWord()
        func enrol(_ pictures: [[UInt8]]) async throws -> HTTPReply {
            try await client.call(.POST, "person", ["id": id, "images": pictures.map { $0.base64() }])
        }
        #expect(try await enrol([Pictures.plain()]).isFailure(400, "ERR_NO_FACES_FOUND"))
        #expect(try await enrol([Photo.biden.bytes(), Pictures.plain()]).isFailure(400, "ERR_NO_FACES_FOUND"))
        let tiny = try Pictures.portrait(.obama, width: 300, height: 300, faceHeight: 120)
        #expect(try await enrol([tiny]).isFailure(400, "ERR_FACE_TOO_SMALL"))
        for broken in Pictures.broken {
            let reply = try await enrol([broken.bytes()])
            let isRefused =
                reply.isFailure(400, "ERR_IMAGE_COULD_NOT_BE_DECODED") || reply.isFailure(400, "ERR_NO_FACES_FOUND")
            #expect(isRefused, "\(broken): \(reply.text)")
        }
        #expect(try await client.call(.GET, "person/\(id)").status == 404)
        // Of several faces the largest counts.
        #expect(try await enrol([Pictures.largeAndTinyFace()]).status == 201)
        #expect(try await client.search(.biden).contains(id))
    }

    @Test(.contract(.openCVCloud, .decided)) func `persons of Face Intellect are persons here, and the reverse`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        let dialect = FaceIntellectClient(server: client.server)
        let number = String(Int.random(in: 1_000_000_000...9_999_999_999))
        _ = try await dialect.create(
            ["id": number, "surname": "Ardern", "name": "J", "comment": "c"], photo: .personB1)
        let person = try await client.call(.GET, "person/\(number)").json
        #expect(person["name"] as? String == "Ardern J" && person["notes"] as? String == "c")
        #expect(thumbnails(person).count == 1)
        #expect(try await client.search(.personB2).contains(number))

        let collection = try await client.addCollection()
        _ = try await client.call(
            .PATCH, "collection/persons", ["collection_id": collection, "new_person_ids": [number]])
        #expect(try await client.search(.personB2, ["collection_id": collection]) == [number])
        // Replaced and deleted by the other dialect, the collection follows.
        _ = try await dialect.create(["id": number, "surname": "Other"], photo: .personA1)
        #expect(try await client.search(.personB2, ["collection_id": collection]).isEmpty)
        #expect(try await client.search(.personA2, ["collection_id": collection]) == [number])
        #expect(try await dialect.call("DeletePersons", ["server_id": "1", "id": [number]]).code == "SUCCESS")
        #expect(try await client.search(.personA2, ["collection_id": collection]).isEmpty)
        #expect(try await client.call(.GET, "collection/\(collection)").json["count"] as? Int == 0)

        let guid = try await dialect.create(["surname": "S"], photo: .personA1)
        #expect(try await client.call(.GET, "person/\(guid.lowercased())").json["name"] as? String == "S")
        let mine = try #require(try await client.addPerson([.impostor2], ["name": "Sunak"])["id"] as? String)
        let row = try #require(try await dialect.person(mine))
        #expect(row["Name"] as? String == "Sunak")
        let faces = try await dialect.call(
            "FindFaces", ["server_id": "1", "findPersons": 50, "image": try Photo.impostor2.base64()])
        let persons = try #require(faces.list("FaceList").first?["PersonList"] as? [[String: Any]])
        #expect(persons.contains { ($0["Id"] as? String)?.lowercased() == mine })
    }

    @Test(.contract(.openCVCloud, .decided)) func `a person of whom no picture can be shown has a grey one`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        let dialect = FaceIntellectClient(server: client.server)
        let line = try await Program.run(["embed", "--models-directory", Checkout.models.path, Photo.biden.url.path])
        // A ready-made template beside a photo that shows nobody.
        let id = try await dialect.create([
            "surname": uniqueWord(), "fir": try Program.template(from: line.output),
            "image": try Pictures.plain().base64(),
        ])
        let person = try await client.call(.GET, "person/\(id.lowercased())").json
        let picture = try #require((person["thumbnails"] as? [[String: String]])?.first?["thumbnail"])
        #expect(thumbnails(person).count == 1)
        let image = try EncodedImage([UInt8](try #require(Data(base64Encoded: picture))))
        #expect(image.width == 112 && image.height == 112)
        let grey = try image.decode().picture.pixels
        #expect(grey.allSatisfy { abs(Int($0) - 128) < 4 })
    }
}
