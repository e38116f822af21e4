import Foundation
import TestKit
import Testing

struct NeuroVisionTests {
    private static let base = "/neurovision/v1"

    private func vector(_ record: [String: Any]) throws -> [Double] {
        try #require(record["embedding"] as? String).split(separator: ",").map { try #require(Double($0)) }
    }

    @Test(.contract(.neuroVision, .documented)) func `the profile has statuses, words and features of its own`()
        async throws
    {
        let client = try await EnfaceClient.shared(Self.base)
        #expect(try await client.post("token/create", ["expires": "2"]).status == 200)
        let id = UUID().uuidString.lowercased()
        let list = try await client.post("person/list/create", ["name": "l \(UUID())", "list_id": id])
        #expect(list.status == 200)
        #expect(list.json["list_id"] as? String == id)
        let source = try await client.post(
            "source/create",
            [
                "name": "s", "group_id": EnfaceClient.defaultID, "new_person_threshold": "0.7",
                "new_person_yaw_max": "1.5", "new_person_pitch_max": 20,
                "person_list_search": [["id": id, "on_found": "", "on_failed": ""]],
            ])
        #expect(source.status == 200, "\(source.text)")
        let wrong = try await client.send(
            .POST, "user/login", ["email": EnfaceClient.email, "password": "wrong-1"], token: nil)
        #expect(wrong.isError(403, "invalid user credentials"))
        let session = try await client.send(
            .POST, "user/login", ["email": EnfaceClient.email, "password": EnfaceClient.password, "valid_days": 0],
            token: nil)
        #expect(session.status == 200)
        for path in ["person", "person/create"] {
            let denied =
                path == "person"
                ? try await client.send(.POST, path, [:], token: "x")
                : try await client.form(path, [], token: .some("x"))
            #expect(denied.status == 401)
            #expect(denied.json["status"] as? String == "failed")
        }
        #expect(try await client.send(.POST, "persons", [:], token: "x").isError(401, "access denied"))
        let missing = UUID().uuidString
        #expect(try await client.post("person", ["person_id": missing]).isError(404, "item with this id not found"))
        #expect(
            try await client.post("person/delete", ["person_id": [missing]]).isError(404, "item with this id not found")
        )
        #expect(try await client.post("persons", ["list_id": missing]).isError(404, "item with this id does not found"))
        #expect(try await client.post("source/group/update", ["group_id": missing, "name": "x"]).status == 404)
        #expect(try await client.post("kyc/process").isError(404, "item with this id not found"))
        let record = try await client.enrol(.personA2, into: id, [.text("feature_check", "[{\"name\":\"gender\"}]")])
        let features = try #require(record["features"] as? [String: Any])
        #expect(["male", "female"].contains(features["gender"] as? String))
        #expect((features["eye_left"] as? [Double])?.count == 2)
        #expect(try #require(features["eye_distance"] as? Double) > 10)
        #expect(features["yaw"] is Int)
        #expect(features["age"] == nil)
    }

    @Test(.contract(.neuroVision, .documented)) func `a match is only reported unless it is to be replaced`()
        async throws
    {
        let client = try await EnfaceClient.shared(Self.base)
        let list = try await client.makeList()
        let id = try #require(try await client.enrol(.personA2, into: list)["person_id"] as? String)
        let reported = try await client.enrol(try Photo.personA1.bytes(), into: list)
        #expect(reported.status == 200)
        #expect(reported.json["persons_total"] as? Int == 0)
        #expect(reported.records("matches").first?["person_id"] as? String == id)
        let replaced = try await client.enrol(
            try Photo.personA1.bytes(), into: list,
            [.text("replace_on_found", "true"), .text("new_person_square_min", "50")])
        #expect(replaced.records("persons").first?["status"] as? String == "replaced")
    }

    @Test(.contract(.neuroVision, .decided)) func `vectors go out, come in, are searched and enrolled`() async throws {
        let client = try await EnfaceClient.shared(Self.base)
        let list = try await client.makeList()
        let only = try await client.enrol(try Photo.personA2.bytes(), into: list, [.text("embedding_only", "true")])
        let text = try #require((only.json["embeddings"] as? [String])?.first)
        let values = text.split(separator: ",").compactMap { Double($0) }
        #expect(values.count == 128)
        #expect(abs(values.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        #expect(try await client.count(list) == 0)
        let enrolled = try await client.form(
            "person/create", [.text("list_id", list), .text("embedding", text), .text("fields", "by vector")])
        #expect(enrolled.status == 201, "\(enrolled.text)")
        let id = try #require(enrolled.records("persons").first?["person_id"] as? String)
        let turned = try await client.form(
            "person/create", [.text("list_id", list), .text("embedding", text), .text("yaw", "45")])
        #expect(turned.json["persons_total"] as? Int == 0)

        let found = try await client.post(
            "vector/search", ["embeddings": text, "list_ids": list, "threshold": "0.7", "person_data": true])
        #expect(found.status == 200)
        let match = try #require((found.list("results").first?["matches"] as? [[String: Any]])?.first)
        #expect(match["person_id"] as? String == id)
        #expect(match["fields"] as? [String] == ["by vector"])
        #expect(try #require(match["score"] as? Double) > 99.9)
        let bare = try await client.post(
            "vector/search", ["embeddings": [values, values], "list_ids": [list], "results": "all"])
        #expect(bare.list("results").count == 2)
        let first = (bare.list("results").first?["matches"] as? [[String: Any]])?.first
        #expect(first.map { Set($0.keys) } == ["person_id", "list_id", "score", "distance"])
        for body: [String: Any] in [
            [:], ["embeddings": "1,2", "list_ids": list], ["embeddings": text], ["embeddings": text, "list_ids": "x"],
            ["embeddings": text, "list_ids": list, "threshold": "often"],
            ["embeddings": text, "list_ids": list, "results": "some"],
        ] {
            #expect(try await client.post("vector/search", body).isError(400, "invalid input"), "\(body)")
        }
        let nowhere = try await client.post("vector/search", ["embeddings": text, "list_ids": UUID().uuidString])
        #expect(nowhere.status == 404)
        let record = try await client.post("person", ["person_id": id, "list_id": list, "embeddings": true]).json
        #expect(try vector(record).count == 128)
    }

    @Test(.contract(.neuroVision, .decided)) func `fusion is the mean of the unit vectors`() async throws {
        let client = try await EnfaceClient.shared(Self.base)
        let list = try await client.makeList()
        let id = try #require(try await client.enrol(.obama, into: list)["person_id"] as? String)
        func stored() async throws -> [Double] {
            try vector(try await client.post("person", ["person_id": id, "list_id": list, "embeddings": true]).json)
        }
        func of(_ photo: Photo) async throws -> [Double] {
            let reply = try await client.enrol(try photo.bytes(), into: list, [.text("embedding_only", "true")])
            return try vector(["embedding": try #require((reply.json["embeddings"] as? [String])?.first)])
        }
        let old = try await stored()
        let second = try await of(.obama2)
        let reply = try await client.form(
            "person/fusion",
            [.text("list_id", list), .text("person_id", id), .photo(.obama2), .text("fields", "fused")])
        #expect(reply.status == 200, "\(reply.text)")
        #expect(reply.json["person_id"] as? String == id)
        let fused = try await stored()
        let mean = zip(old, second).map { $0 + $1 }
        let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for (value, expected) in zip(fused, mean) { #expect(abs(value - expected / length) < 1e-5) }
        // The stored embedding counts as often as it has embeddings in it.
        let third = try await of(.obama3)
        let text = third.map { "\($0)" }.joined(separator: ",")
        _ = try await client.form(
            "person/fusion", [.text("list_id", list), .text("person_id", id), .text("embeddings", text)])
        let weighted = zip(fused, third).map { 2 * $0 + $1 }
        let weight = weighted.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for (value, expected) in zip(try await stored(), weighted) { #expect(abs(value - expected / weight) < 1e-5) }
        let unlike = try await client.form(
            "person/fusion",
            [.text("list_id", list), .text("person_id", id), .photo(.biden), .text("new_person_threshold", "80")])
        #expect(unlike.status == 400)
        let new = try await client.form("person/fusion", [.text("list_id", list), .text("embeddings", text)])
        #expect(new.json["person_id"] as? String != id)
        #expect(try await client.count(list) == 2)
        #expect(try await client.form("person/fusion", [.text("list_id", list)]).isError(400, "invalid schema"))
        let plain = try await client.form(
            "person/fusion", [.text("list_id", list), .file("image", try Pictures.plain())])
        #expect(plain.isError(400, "no faces found"))
    }

    @Test(.contract(.neuroVision, .documented)) func `persons are paged by a cursor that inserts do not move`()
        async throws
    {
        let client = try await EnfaceClient.shared(Self.base)
        let list = try await client.makeList()
        func add(_ number: Int) async throws -> String {
            // Directions that have nothing to do with each other.
            let values = (0..<128).map { $0 == number ? "1" : "0.001" }.joined(separator: ",")
            let reply = try await client.form(
                "person/create", [.text("list_id", list), .text("embedding", values), .text("fields", "\(number)")])
            return try #require(reply.records("persons").first?["person_id"] as? String, "\(reply.text)")
        }
        var ids: [String] = []
        for number in 0..<7 { ids.append(try await add(number)) }
        var seen: [String] = []
        var cursor = ""
        var added = 7
        repeat {
            let page = try await client.post(
                "persons", ["list_id": list, "limit": 2, "cursor": cursor, "thumbs": true, "embeddings": true])
            let records = page.list("persons")
            seen += records.compactMap { $0["person_id"] as? String }
            #expect(records.allSatisfy { $0["embedding"] is String && $0["thumb"] == nil })
            cursor = try #require(page.json["cursor"] as? String)
            if added < 9 {
                ids.append(try await add(added))
                added += 1
            }
        } while !cursor.isEmpty
        #expect(seen == ids)
        var singles: [String] = []
        cursor = ""
        while true {
            let reply = try await client.post("person", ["list_id": list, "cursor": cursor])
            guard reply.status == 200 else {
                #expect(reply.isError(404, "item with this id not found"))
                break
            }
            singles.append(try #require(reply.json["person_id"] as? String))
            cursor = try #require(reply.json["cursor"] as? String)
        }
        #expect(singles == ids)
        for body: [String: Any] in [
            ["list_id": list, "cursor": "x"], ["list_id": list, "limit": 0], ["list_id": list, "limit": 1001],
            ["list_id": "x"], ["list_id": list, "limit": "many"], ["list_id": list, "thumbs": "x"],
        ] {
            #expect(try await client.post("persons", body).isError(400, "invalid schema"), "\(body)")
        }
        #expect(try await client.post("person", [:]).isError(400, "invalid schema"))
    }

    @Test(.contract(.neuroVision, .documented)) func `a person moves to another list and keeps the id`() async throws {
        let client = try await EnfaceClient.shared(Self.base)
        let (from, to) = (try await client.makeList(), try await client.makeList())
        let id = try #require(try await client.enrol(.personB1, into: from)["person_id"] as? String)
        let moved = try await client.post("person/update", ["person_id": id, "list_id": from, "new_list_id": to])
        #expect(moved.status == 200, "\(moved.text)")
        #expect(try await client.count(from) == 0)
        #expect(try await client.count(to) == 1)
        #expect(try await client.post("person", ["person_id": id, "list_id": from]).status == 404)
        let found = try await client.form("action", [.photo(.personB2), .text("person_list_search", to)])
        let match = (found.list("results").first?["matches"] as? [[String: Any]])?.first
        #expect(match?["person_id"] as? String == id)
        let gone = try await client.form("action", [.photo(.personB2), .text("person_list_search", from)])
        #expect((gone.list("results").first?["matches"] as? [Any])?.isEmpty ?? false)
        let thumbs = try await client.post("persons", ["list_id": to, "thumbs": true]).list("persons")
        let thumbnail = try #require((thumbs.first?["thumb"] as? String).flatMap { Data(base64Encoded: $0) })
        #expect(try PictureSize(of: [UInt8](thumbnail)) == PictureSize(width: 112, height: 112))
    }

    @Test(.contract(.neuroVision, .decided)) func `the short address speaks the configured profile`() async throws {
        let enface = try await EnfaceClient.shared("/v1")
        #expect(try await enface.post("persons").status == 404)
        #expect(try await enface.post("token/create").status == 201)
        let other = try await EnfaceClient.own(["--v1-profile", "neurovision"], base: "/v1")
        #expect(try await other.post("persons").status == 200)
        #expect(try await other.post("token/create").status == 200)
        await other.server.stop()
    }
}
