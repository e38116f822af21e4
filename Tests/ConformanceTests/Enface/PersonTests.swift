import Foundation
import TestKit
import Testing

struct PersonTests {
    @Test(.contract(.enfacePersons, .documented)) func `a person is enrolled, read, changed and deleted`() async throws
    {
        let client = try await EnfaceClient.shared()
        let list = try await client.makeList()
        let reply = try await client.enrol(
            try Photo.personA2.bytes(), into: list, [.text("fields", "Ann"), .text("fields", "desk 4")])
        #expect(reply.status == 201)
        #expect(reply.message == "1 face(s) successfully processed")
        #expect(reply.json["faces_total"] as? Int == 1)
        #expect(reply.json["persons_total"] as? Int == 1)
        #expect(reply.json["persons_new"] as? Int == 1)
        #expect((reply.json["matches"] as? [Any])?.isEmpty ?? false)
        #expect(reply.json["spent"] is Int)
        let record = try #require(reply.records("persons").first)
        let id = try #require(record["person_id"] as? String)
        #expect(id.dropFirst(14).first == "1")
        #expect(record["list_id"] as? String == list)
        #expect(record["group_id"] as? String == EnfaceClient.defaultID)
        #expect(record["source_id"] as? String == EnfaceClient.defaultID)
        #expect(record["status"] as? String == "init")
        #expect(record["fields"] as? [String] == ["Ann", "desk 4"])
        #expect((record["features"] as? [Any])?.isEmpty ?? false)
        #expect(record["yaw"] is Int)
        #expect(record["updated"] == nil)

        let read = try await client.post("person", ["person_id": id.uppercased(), "list_id": list])
        #expect(read.status == 200)
        #expect(read.json as NSDictionary == record as NSDictionary)

        let fields = ["Ann", "", "x", "4", "5", "six", "seven ☎"]
        let changed = try await client.send(
            .PUT, "person/update", ["person_id": id, "list_id": list, "fields": fields], token: client.token)
        #expect(changed.message == "operation succeeded")
        let again = try await client.post("person", ["person_id": id, "list_id": list]).json
        #expect(again["fields"] as? [String] == fields)
        #expect(again["updated"] is String)
        #expect(again["created"] as? String == record["created"] as? String)

        let deleted = try await client.send(
            .DELETE, "person/delete", ["person_id": [id, id], "list_id": list], token: client.token)
        #expect(deleted.message == "1 person(s) deleted")
        let gone = try await client.post("person", ["person_id": id, "list_id": list])
        #expect(gone.isError(404, "person id \(id) does not found"))
        let none = try await client.post("person/delete", ["person_id": id, "list_id": list])
        #expect(none.isError(404, "person id \(id) does not found"))
    }

    @Test(.contract(.enfacePersons, .observed)) func `the picture is served behind its random key`() async throws {
        let client = try await EnfaceClient.shared()
        let list = try await client.makeList()
        let record = try await client.enrol(.biden, into: list)
        let url = try #require(record["image_url"] as? String)
        #expect(url.hasPrefix("http://127.0.0.1:\(client.server.port)/enface/v1/images/"))
        let path = try #require(URL(string: url)?.path)
        let picture = try await client.server.client.request(.GET, path)
        #expect(picture.status == 200)
        #expect(picture.headers["Content-Type"] == ["image/jpeg"])
        #expect(picture.body == (try Photo.biden.bytes()))
        let last = try #require(path.last)
        let guessed = try await client.server.client.request(.GET, path.dropLast() + (last == "0" ? "1" : "0"))
        #expect(guessed.status == 404)
        #expect(guessed.json["status"] as? String == "error")

        let id = try #require(record["person_id"] as? String)
        let dropped = try await client.post("person/update", ["person_id": id, "list_id": list, "drop_image": true])
        #expect(dropped.message == "operation succeeded")
        #expect(try await client.server.client.request(.GET, path).status == 404)
        let read = try await client.post("person", ["person_id": id, "list_id": list]).json
        #expect(read["image_url"] == nil)
        // Without the picture the face is still known.
        let matched = try await client.enrol(try Photo.biden.bytes(), into: list, [.text("new_person_yaw_max", "5")])
        #expect(matched.status == 200)
        #expect(matched.records("matches").first?["person_id"] as? String == id)
    }

    @Test(.contract(.enfacePersons, .documented)) func `with drop_image no picture is ever kept`() async throws {
        let client = try await EnfaceClient.shared()
        let list = try await client.makeList()
        let record = try await client.enrol(.personB1, into: list, [.text("drop_image", "true")])
        #expect(record["image_url"] == nil)
        let again = try await client.enrol(try Photo.personB2.bytes(), into: list, [.text("drop_image", "TRUE")])
        #expect(again.records("persons").first?["status"] as? String == "replaced")
        #expect(again.records("persons").first?["image_url"] == nil)
    }

    @Test(.contract(.enfacePersons, .observed)) func `a known person's face is replaced, and fields only by others`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let list = try await client.makeList()
        let first = try await client.enrol(.personA2, into: list, [.text("fields", "Ann")])
        let id = try #require(first["person_id"] as? String)
        let again = try await client.enrol(
            try Photo.personA1.bytes(), into: list, [.text("new_person_square_min", "50")])
        #expect(again.status == 200)
        #expect(again.json["persons_new"] as? Int == 0)
        #expect(again.json["persons_total"] as? Int == 1)
        let record = try #require(again.records("persons").first)
        #expect(record["person_id"] as? String == id)
        #expect(record["status"] as? String == "replaced")
        #expect(record["fields"] as? [String] == ["Ann"])
        let match = try #require(again.records("matches").first)
        #expect(match["person_id"] as? String == id)
        #expect(try #require(match["score"] as? Double) > 85)
        let renamed = try await client.enrol(try Photo.personA2.bytes(), into: list, [.text("fields", "[\"Anna\"]")])
        #expect(renamed.records("persons").first?["fields"] as? [String] == ["Anna"])
        #expect(try await client.count(list) == 1)
    }

    @Test(.contract(.enfacePersons, .observed)) func `a person's face can be replaced by anybody's`() async throws {
        let client = try await EnfaceClient.shared()
        let list = try await client.makeList()
        let id = try #require(try await client.enrol(.personA2, into: list)["person_id"] as? String)
        let reply = try await client.enrol(
            try Photo.obama.bytes(), into: list, [.text("replace_person_id", id)])
        #expect(reply.status == 200)
        #expect(reply.records("persons").first?["person_id"] as? String == id)
        let found = try await client.form(
            "action", [.photo(.obama2), .text("person_list_search", list)])
        let matches = found.list("results").first?["matches"] as? [[String: Any]]
        #expect(matches?.first?["person_id"] as? String == id)
        let nobody = UUID().uuidString.lowercased()
        let unknown = try await client.enrol(
            try Photo.obama.bytes(), into: list, [.text("replace_person_id", nobody)])
        #expect(unknown.isError(404, "person id \(nobody) does not found"))
    }

    @Test(.contract(.enfacePersons, .observed)) func `never, a small face and a turned head enrol nobody`() async throws
    {
        let client = try await EnfaceClient.shared()
        let list = try await client.makeList()
        for parts: [FormPart] in [
            [.text("new_person_threshold", "never")], [.text("new_person_square_min", "224")],
        ] {
            // The face of this photo is smaller than 224 pixels.
            let reply = try await client.enrol(try Photo.personA1.bytes(), into: list, parts)
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply.json["persons_new"] as? Int == 0)
            #expect((reply.json["persons"] as? [Any])?.isEmpty ?? false)
        }
        // The head of this photo is turned by about 25 degrees.
        let turned = try await client.enrol(
            try Photo.obama2.bytes(), into: list, [.text("new_person_yaw_max", "20")])
        #expect(turned.json["persons_new"] as? Int == 0)
        let accepted = try await client.enrol(
            try Photo.obama2.bytes(), into: list, [.text("new_person_yaw_max", "60")])
        #expect(accepted.json["persons_new"] as? Int == 1)
        #expect(try await client.count(list) == 1)
    }

    @Test(.contract(.enfacePersons, .documented)) func `multi enrols every face, without it only the largest`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let list = try await client.makeList()
        let picture = try Pictures.eightFaces()
        let one = try await client.enrol(picture, into: list, [.text("new_person_yaw_max", "80")])
        #expect(one.json["faces_total"] as? Int == 8)
        #expect(one.json["persons_total"] as? Int == 1)
        let all = try await client.enrol(
            picture, into: list,
            [
                .text("multi", "true"), .text("new_person_yaw_max", "80"), .text("new_person_square_min", "50"),
                .text("bbox", "true"), .text("bbox_pro", "true"), .text("thumb", "true"),
            ])
        #expect(all.message == "8 face(s) successfully processed")
        let records = all.records("persons")
        #expect(records.count == all.json["persons_total"] as? Int)
        for record in records {
            #expect((record["bbox"] as? [[Int]])?.count == 2)
            #expect((record["bbox_pro"] as? [[Int]])?.count == 4)
            let thumbnail = try #require((record["thumb"] as? String).flatMap { Data(base64Encoded: $0) })
            let size = try PictureSize(of: [UInt8](thumbnail))
            #expect(size == PictureSize(width: 112, height: 112))
        }
        // The eight photos show five people.
        let count = try await client.count(list)
        #expect(count == 5)
    }

    @Test(.contract(.enfacePersons, .observed)) func `what cannot be seen is said in the platform's words`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let list = try await client.makeList()
        for broken in Pictures.Broken.allCases where broken != .onePixel {
            let reply = try await client.enrol(try broken.bytes(), into: list)
            #expect(reply.status == 200, "\(broken)")
            #expect(reply.message == "image format is unknown", "\(broken)")
            #expect(reply.json["faces_total"] as? Int == 0)
            #expect(reply.json["matches"] == nil)
        }
        #expect(try await client.enrol([], into: list).message == "image format is unknown")
        #expect(
            try await client.enrol(try Pictures.Broken.onePixel.bytes(), into: list).message == "image is too small")
        #expect(try await client.enrol(try Pictures.plain(), into: list).message == "no faces found")
    }

    @Test(
        .contract(.enfacePersons, .observed),
        arguments: [
            ("list_id", "0"), ("list_id", ""), ("group_id", "bad"), ("source_id", "bad"), ("multi", "34"),
            ("multi", "0"),
            ("drop_image", "str"), ("bbox", "1"), ("bbox_pro", "yes"), ("thumb", "x"), ("feature_check", ""),
            ("feature_check", "height"), ("new_person_threshold", "34"), ("new_person_threshold", "-80"),
            ("new_person_square_min", "0"), ("new_person_square_min", "x"), ("new_person_yaw_max", "31"),
            ("replace_person_id", "x"),
        ])
    func `a part with a value that it cannot have is an invalid schema`(name: String, value: String) async throws {
        let client = try await EnfaceClient.shared()
        let reply = try await client.form("person/create", [.photo(.personA2), .text(name, value)])
        #expect(reply.isError(400, "invalid schema"), "\(reply.text)")
    }

    @Test(.contract(.enfacePersons, .observed)) func `the picture has to be the only file and has its name`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let none = try await client.form("person/create", [.text("fields", "x")])
        #expect(none.isError(400, "no image attached"))
        let other = try await client.form("person/create", [.photo(.personA2, name: "photo")])
        #expect(other.isError(400, "unexpected field"))
        let two = try await client.form("person/create", [.photo(.personA2), .photo(.personA2)])
        #expect(two.isError(400, "unexpected field"))
        let json = try await client.post("person/create", ["image": "x"])
        #expect(json.isError(400, "invalid schema"))
        let long = try await client.form(
            "person/create", [.photo(.personA2), .text("fields", String(repeating: "x", count: 65_536))])
        #expect(long.isError(400, "invalid schema"))
    }

    @Test(
        .contract(.enfacePersons, .observed),
        arguments: [
            ("person", #"{}"#), ("person", #"{"person_id":5}"#), ("person", #"{"person_id":"x"}"#),
            ("person/update", #"{"fields":[]}"#),
            ("person/update", #"{"person_id":"13814001-1dd2-11b2-b619-5502c27ed19c","fields":[5]}"#),
            ("person/update", #"{"person_id":"13814001-1dd2-11b2-b619-5502c27ed19c","drop_image":"x"}"#),
            ("person/delete", #"{}"#), ("person/delete", #"{"person_id":[]}"#),
            ("person/delete", #"{"person_id":["x"]}"#),
            ("person/delete", #"{"person_id":5}"#),
        ])
    func `persons have to be named by their ids`(path: String, body: String) async throws {
        let client = try await EnfaceClient.shared()
        let reply = try await client.server.client.post(
            "\(client.base)/\(path)", body, headers: ["token": client.token])
        #expect(reply.isError(400, "invalid schema"), "\(reply.text)")
    }

    @Test(.contract(.enfacePersons, .observed)) func `unknown lists and empty changes are refused in their words`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let id = UUID().uuidString.lowercased()
        #expect(try await client.post("person/update", ["person_id": id]).isError(400, "nothing to change"))
        let update = try await client.post("person/update", ["person_id": id, "fields": ["x"]])
        #expect(update.isError(404, "person id \(id) does not found"))
        let list = try await client.post("person", ["person_id": id, "list_id": id])
        #expect(list.isError(404, "list id \(id) does not found"))
        let delete = try await client.post("person/delete", ["person_id": id, "list_id": id])
        #expect(delete.isError(200, "list with this id does not found"))
    }

    @Test(.contract(.enfacePersons, .documented)) func `gender and age are estimated where they are asked for`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let list = try await client.makeList()
        let record = try await client.enrol(
            .personB1, into: list, [.text("feature_check", "gender"), .text("feature_check", "race")])
        let features = try #require(record["features"] as? [[String: Any]])
        #expect(features.map { $0["name"] as? String } == ["gender"])
        let gender = try #require(features.first)
        #expect(["male", "female"].contains(gender["result"] as? String))
        #expect(gender["version"] as? Int == 1)
        #expect((gender["confidence"] as? String)?.wholeMatch(of: /\d{2}\.\d{2}%|100%/) != nil)
        #expect(gender["spent"] is Int)
        let both = try await client.form(
            "detect", [.photo(.obama, name: "images"), .text("feature_check", "gender,age")])
        let face = (both.json["results"] as? [[[String: Any]]])?.first?.first
        let found = try #require(face?["features"] as? [[String: Any]])
        #expect(found.map { $0["name"] as? String } == ["gender", "age"])
        #expect(found[0]["result"] as? String == "male")
        #expect(try #require(found[1]["result"] as? Int) > 20)
    }

    @Test(.contract(.enfacePersons, .decided)) func `the first user's default list is Face Intellect's database`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let intellect = FaceIntellectClient(server: client.server)
        let record = try await client.enrol(.obama, into: EnfaceClient.defaultID, [.text("fields", "Barack")])
        let id = try #require(record["person_id"] as? String)
        let row = try #require(try await intellect.person(id.uppercased()))
        #expect(row["Name"] as? String == "Barack")
        let other = try await intellect.create(["name": "Joe", "surname": "B", "comment": "C"], photo: .biden)
        let read = try await client.post("person", ["person_id": other])
        #expect(read.status == 200)
        #expect(read.json["fields"] as? [String] == ["Joe", "B", "", "", "C"])
        #expect(read.json["status"] as? String == "init")
        let found = try await client.form("action", [.photo(.biden)])
        let match = (found.list("results").first?["matches"] as? [[String: Any]])?.first
        #expect(match?["person_id"] as? String == other.lowercased())
        let deleted = try await client.post("person/delete", ["person_id": [id, other]])
        #expect(deleted.message == "2 person(s) deleted")
        #expect(try await intellect.person(other) == nil)
    }

    @Test(.contract(.enfacePersons, .observed)) func `the old form of the counters is a setting`() async throws {
        let client = try await EnfaceClient.own(
            ["--enface-persons-new-as-array", "true", "--enface-action-status", "200"])
        let reply = try await client.enrol(try Photo.personA2.bytes(), into: EnfaceClient.defaultID)
        #expect(reply.records("persons_new").count == 1)
        #expect(reply.records("persons_updated").isEmpty)
        #expect(reply.json["persons"] == nil)
        let again = try await client.enrol(try Photo.personA2.bytes(), into: EnfaceClient.defaultID)
        #expect(again.records("persons_updated").count == 1)
        #expect(try await client.form("action", [.photo(.personA1)]).status == 200)
        await client.server.stop()
    }
}
