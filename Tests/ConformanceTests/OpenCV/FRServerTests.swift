import Foundation
import Imaging
import TestKit
import Testing

struct FRServerTests {
    @Test(.contract(.openCVServer, .documented)) func `a collection is made, counted and deleted by its name`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        let name = "a.B_9-\(uniqueWord())"
        let made = try await client.frServer.call(.POST, "collection", ["name": name])
        #expect(made.status == 200 && made.json["name"] as? String == name && made.json["num_persons"] as? Int == 0)
        #expect(
            try await client.frServer.call(.POST, "collection", ["name": name]).isFailure(409, "ERR_ALREADY_EXISTS"))
        for wrong in ["", "a b", "ä", "a/b", String(repeating: "x", count: 65)] {
            let reply = try await client.frServer.call(.POST, "collection", ["name": wrong])
            #expect(reply.isFailure(400, "ERR_INVALID_COLLECTION_NAME"), "\(wrong)")
            #expect(
                reply.json["message"] as? String
                    == "Collection names can only contain alphanumeric characters, underscores, hyphens, and periods.")
        }
        try await client.put(.biden, id: "1", in: name)
        let all = try await client.frServer.call(.GET, "collections")
        #expect(all.list.contains { $0["name"] as? String == name && $0["num_persons"] as? Int == 1 })
        let gone = try await client.frServer.call(.DELETE, "collection", ["name": name])
        #expect(gone.status == 200 && gone.json["num_persons"] as? Int == 1)
        let again = try await client.frServer.call(.DELETE, "collection?name=\(name)")
        #expect(again.isFailure(404, "ERR_NOT_FOUND"))
        #expect(again.json["message"] as? String == "The requested entity could not be found.")
        let image = try Photo.biden.base64()
        for path in ["face-search", "multi-face-search"] {
            let reply = try await client.frServer.call(
                .POST, path, ["collection_name": name, "face_base_64": image])
            #expect(reply.isFailure(404, "ERR_NOT_FOUND"))
        }
        #expect(try await client.put(.biden, id: "1", in: name).isFailure(404, "ERR_NOT_FOUND"))
    }

    @Test(.contract(.openCVServer, .documented)) func `a person is enrolled, updated, searched and deleted`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        let name = try await client.addNamedCollection()
        let metadata: [String: Any] = ["zeta": "1", "alpha": ["deep": true], "ünï": 1.5]
        let put = try await client.put(.obama, id: "Ab", in: name, ["metadata": metadata])
        #expect(put.status == 200)
        #expect(Set(put.json.keys) == ["person_id", "person_name", "metadata", "face_base_64"])
        #expect(
            NSDictionary(dictionary: put.json["metadata"] as? [String: Any] ?? [:])
                == NSDictionary(dictionary: metadata))
        #expect(try await client.put(.biden, id: "ab", in: name).status == 200)

        func search(_ photo: Photo, _ fields: [String: Any] = [:]) async throws -> [[String: Any]] {
            let body: [String: Any] = ["collection_name": name, "face_base_64": try photo.base64()]
            let reply = try await client.frServer.call(.POST, "face-search", body.merging(fields) { $1 })
            #expect(reply.status == 200, "\(reply.text)")
            return reply.list
        }
        let found = try await search(.obama2)
        #expect(found.count == 1 && found[0]["person_id"] as? String == "Ab" && found[0].count == 5)
        #expect(try #require(found[0]["similarity_score"] as? Double) > 0.81)
        #expect(try await search(.personA1).isEmpty)
        for key in ["min_similarity_score", "min_score"] {
            let both = try await search(.obama2, [key: 0, "max_results": 10])
            #expect(both.compactMap { $0["person_id"] as? String } == ["Ab", "ab"])
        }
        // The same id again is an update: of the name, the face and what was given along.
        let updated = try await client.put(.personB1, id: "Ab", in: name, ["person_name": "New"])
        #expect(updated.json["person_name"] as? String == "New")
        #expect((updated.json["metadata"] as? [String: Any])?.isEmpty == true)
        #expect(try await search(.obama2).isEmpty)
        #expect(try await search(.personB2).first?["person_name"] as? String == "New")
        // Its persons are nobody else's.
        #expect(try await client.call(.GET, "person/Ab").status == 404)

        let kept = try await client.frServer.call(.GET, "person?collection_name=\(name)&person_id=Ab")
        #expect(kept.status == 200 && kept.json["person_name"] as? String == "New")
        let page = try await client.frServer.call(.GET, "persons?collection_name=\(name)&take=1")
        #expect(page.json["count"] as? Int == 2 && page.list("persons").count == 1)
        let gone = try await client.frServer.call(.DELETE, "person", ["collection_name": name, "person_id": "Ab"])
        #expect(gone.status == 200 && gone.json["person_id"] as? String == "Ab")
        #expect(try await search(.personB2).isEmpty)
        #expect(
            try await client.frServer.call(.DELETE, "person", ["collection_name": name, "person_id": "Ab"])
                .isFailure(404, "ERR_NOT_FOUND"))
    }

    @Test(
        .contract(.openCVServer, .documented),
        arguments: [("NoStorage", 0), ("StoreThumbnails", 112), ("StoreFullImage", 1)])
    func `what is kept of a picture is what was asked for`(storage: String, width: Int) async throws {
        let client = try await OpenCVClient.shared()
        let name = try await client.addNamedCollection()
        let reply = try await client.put(.biden, id: "1", in: name, ["face_storage_type": storage])
        let text = try #require(reply.json["face_base_64"] as? String)
        switch storage {
        case "NoStorage": #expect(text.isEmpty)
        case "StoreThumbnails":
            #expect(try EncodedImage([UInt8](try #require(Data(base64Encoded: text)))).width == width)
        default: #expect(text == (try Photo.biden.base64()))
        }
        // Whatever is kept, the face is found.
        let body: [String: Any] = ["collection_name": name, "face_base_64": try Photo.biden.base64()]
        let found = try await client.frServer.call(.POST, "face-search", body).list
        #expect(found.first?["face_base_64"] as? String == text)
    }

    @Test(.contract(.openCVServer, .documented)) func `a similar face is refused where duplicates are checked`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        let name = try await client.addNamedCollection()
        let check: [String: Any] = ["check_duplicates": true, "duplicate_check_min_similarity": 0.7]
        #expect(try await client.put(.obama, id: "1", in: name, check).status == 200)
        #expect(try await client.put(.obama2, id: "2", in: name, check).isFailure(409, "ERR_DUPLICATE_PERSON"))
        #expect(
            try await client.put(.obama2, id: "2", in: name, ["check_duplicates": true]).isFailure(
                409, "ERR_DUPLICATE_PERSON"))
        // Who is updated is no duplicate, somebody else is none, and without the check nobody is one.
        #expect(try await client.put(.obama2, id: "1", in: name, check).status == 200)
        #expect(try await client.put(.biden, id: "3", in: name, check).status == 200)
        let sure = check.merging(["duplicate_check_min_similarity": 0.999]) { $1 }
        #expect(try await client.put(.obama3, id: "4", in: name, sure).status == 200)
        #expect(try await client.put(.obama, id: "5", in: name).status == 200)
        // Two that come at once do not both get in.
        let other = try await client.addNamedCollection()
        async let one = client.put(.personA1, id: "1", in: other, ["check_duplicates": true])
        async let two = client.put(.personA2, id: "2", in: other, ["check_duplicates": true])
        #expect(Set([try await one.status, try await two.status]) == [200, 409])
    }

    @Test(.contract(.openCVServer, .decided)) func `many are enrolled at once, and those that fail are listed`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        let name = try await client.addNamedCollection()
        let persons: [[String: Any]] = [
            ["person_id": "a", "person_name": "A", "face_base_64": try Photo.obama.base64(), "metadata": ["k": "v"]],
            ["person_id": "b", "person_name": "B", "face_base_64": try Pictures.plain().base64()],
            ["person_id": "c", "person_name": "C", "face_base_64": "!"],
            ["person_id": "d", "face_base_64": try Photo.biden.base64()],
            ["person_id": "e", "person_name": "E", "face_base_64": try Photo.obama2.base64()],
            ["person_id": "f", "person_name": "F", "face_base_64": try Pictures.eightFaces().base64()],
        ]
        let reply = try await client.frServer.call(
            .PUT, "persons",
            [
                "collection_name": name, "face_storage_type": "NoStorage", "check_duplicates": true, "persons": persons,
            ])
        #expect(reply.status == 200)
        let failures = reply.list.map { failure in
            let metadata = failure["metadata"] as? [String: String] ?? [:]
            return [failure["code"] as? String, metadata["person_id"], metadata["index"]].compactMap(\.self)
        }
        #expect(
            failures == [
                ["ERR_FACE_NOT_DETECTED", "b", "1"], ["ERR_INVALID_IMAGE", "c", "2"],
                ["ERR_UNPROCESSABLE_CONTENT", "d", "3"], ["ERR_DUPLICATE_PERSON", "e", "4"],
                ["ERR_MULTIPLE_FACES_DETECTED", "f", "5"],
            ])
        let byID = try await client.frServer.call(
            .PUT, "persons",
            [
                "collection_name": name,
                "Persons": ["x": ["person_name": "X", "face_base_64": try Photo.personA1.base64()]],
            ])
        #expect(byID.status == 200 && byID.text == "[]")
        let page = try await client.frServer.call(.GET, "persons?collection_name=\(name)")
        #expect(Set(page.list("persons").compactMap { $0["person_id"] as? String }) == ["a", "x"])
    }

    @Test(.contract(.openCVServer, .decided)) func `several faces are searched together, largest first`() async throws {
        let client = try await OpenCVClient.shared()
        let name = try await client.addNamedCollection()
        for (photo, id) in [(Photo.obama, "o"), (.biden, "b")] { try await client.put(photo, id: id, in: name) }
        let picture = try Collage.grid([.obama2, .biden, .personA1], columns: 3, cellHeight: 500).jpeg().base64()
        let body: [String: Any] = ["collection_name": name, "face_base_64": picture]
        #expect(
            try await client.frServer.call(.POST, "face-search", body).isFailure(400, "ERR_MULTIPLE_FACES_DETECTED"))
        let reply = try await client.frServer.call(.POST, "multi-face-search", body)
        #expect(reply.status == 200 && reply.list.count == 3)
        var areas: [Int] = []
        for face in reply.list {
            let box = try #require(face["box"] as? [String: Int])
            areas.append(
                (try #require(box["right"]) - (try #require(box["left"])))
                    * (try #require(box["bottom"]) - (try #require(box["top"]))))
        }
        #expect(areas == areas.sorted(by: >))
        let matches = reply.list.map {
            ($0["matches"] as? [[String: Any]] ?? []).compactMap { $0["person_id"] as? String }
        }
        #expect(Set(matches.map { $0.joined() }) == ["o", "b", ""])
        let nobody = try await client.frServer.call(
            .POST, "multi-face-search", ["collection_name": name, "face_base_64": try Pictures.plain().base64()])
        #expect(nobody.isFailure(400, "ERR_FACE_NOT_DETECTED"))
    }

    @Test(.contract(.openCVServer, .documented)) func `two faces are compared`() async throws {
        let client = try await OpenCVClient.shared().frServer
        func compare(_ one: [UInt8], _ other: [UInt8], _ fields: [String: Any] = [:]) async throws -> HTTPReply {
            let body: [String: Any] = ["face_base_64": one.base64(), "ref_face_base_64": other.base64()]
            return try await client.call(.POST, "compare", body.merging(fields) { $1 })
        }
        let (obama, other, biden) = (try Photo.obama.bytes(), try Photo.obama2.bytes(), try Photo.biden.bytes())
        let same = try await compare(obama, other)
        #expect(same.status == 200 && same.json["is_match"] as? Bool == true)
        #expect(try #require(same.json["similarity_score"] as? Double) > 0.81)
        #expect(try await compare(obama, biden).json["is_match"] as? Bool == false)
        #expect(try await compare(obama, other, ["min_similarity_score": 0.99]).json["is_match"] as? Bool == false)
        let plain = try Pictures.plain()
        for (one, two) in [(plain, obama), (obama, plain)] {
            let reply = try await compare(one, two)
            #expect(reply.isFailure(400, "ERR_FACE_NOT_DETECTED"))
            #expect(reply.json["message"] as? String == "A face could not be detected in the image(s).")
        }
        #expect(try await compare(obama, try Pictures.eightFaces()).isFailure(400, "ERR_MULTIPLE_FACES_DETECTED"))
        #expect(try await compare(obama, Array("x".utf8)).isFailure(400, "ERR_INVALID_IMAGE"))
        let live = try await compare(obama, other, ["check_liveness": true])
        #expect(live.json["is_match"] as? Bool == true)
        #expect(live.headers["X-Firserver-Emulated"] == ["liveness"])
    }

    @Test(
        .contract(.openCVServer, .documented),
        arguments: [
            ("person", "person_id", "1"), ("person", "person_id", "\"\""), ("person", "person_id", "null"),
            ("person", "person_name", "7"), ("person", "collection_name", "null"), ("person", "face_base_64", "[]"),
            ("person", "face_base_64", "null"), ("person", "face_storage_type", "\"All\""),
            ("person", "check_duplicates", "\"no\""), ("person", "duplicate_check_min_similarity", "1.5"),
            ("person", "duplicate_check_min_similarity", "true"), ("person", "check_liveness", "1"),
            ("person", "metadata", "[]"), ("person", "metadata", "\"x\""), ("person", "metadata", #"{"a":"\u0000"}"#),
            ("face-search", "face_base_64", "null"), ("face-search", "max_results", "0"),
            ("face-search", "max_results", "\"x\""), ("face-search", "min_similarity_score", "-1"),
            ("face-search", "min_score", "2"), ("face-search", "check_liveness", "\"yes\""),
            ("multi-face-search", "collection_name", "1"), ("multi-face-search", "max_results", "1001"),
            ("compare", "ref_face_base_64", "null"), ("compare", "face_base_64", "1"),
            ("compare", "min_similarity_score", "{}"), ("persons", "persons", "null"), ("persons", "persons", "\"x\""),
            ("persons", "face_storage_type", "\"\""), ("collection", "name", "1"), ("collection", "name", "null"),
        ])
    func `a member that breaks a rule is named by a 422`(path: String, member: String, value: String) async throws {
        let client = try await OpenCVClient.shared()
        let name = try await client.addNamedCollection()
        let image = try Photo.biden.base64()
        var members = [
            "collection_name": "\"\(name)\"", "person_id": "\"1\"", "person_name": "\"N\"", "name": "\"x\"",
            "face_base_64": "\"\(image)\"", "ref_face_base_64": "\"\(image)\"", "persons": "[]",
        ]
        members[member] = value
        let text = "{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
        let reply = try await client.server.client.request(
            path.hasPrefix("person") ? .PUT : .POST, "/opencv-server/\(path)",
            headers: ["x-api-key": OpenCVClient.key], body: Array(text.utf8))
        #expect(reply.isFailure(422, "ERR_UNPROCESSABLE_CONTENT"), "\(reply.text)")
        #expect((reply.json["metadata"] as? [String: String])?["body.\(member)"] != nil, "\(reply.text)")
        #expect(try await client.frServer.call(.GET, "persons?collection_name=\(name)").json["count"] as? Int == 0)
    }
}
