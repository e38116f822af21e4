import Foundation
import TestKit
import Testing

struct ActionTests {
    @Test(.contract(.enfaceActions, .documented)) func `an action finds who is in the searched lists`() async throws {
        let client = try await EnfaceClient.shared()
        let list = try await client.makeList()
        let other = try await client.makeList()
        let id = try #require(
            try await client.enrol(.personA2, into: list, [.text("fields", "Ann")])["person_id"] as? String)
        let reply = try await client.form(
            "action", [.photo(.personA1), .text("person_list_search", "\(list),\(other)"), .text("bbox", "true")])
        #expect(reply.status == 201)
        #expect(reply.message == "1 face(s) successfully processed")
        #expect(reply.json["persons_new"] as? Int == 0)
        #expect(reply.json["action_id"] is String)
        let result = try #require(reply.list("results").first)
        #expect((result["bbox"] as? [[Int]])?.count == 2)
        let match = try #require((result["matches"] as? [[String: Any]])?.first)
        #expect(match["person_id"] as? String == id)
        #expect(match["list_id"] as? String == list)
        #expect(match["fields"] as? [String] == ["Ann"])
        #expect(try #require(match["score"] as? Double) > 85)
        let elsewhere = try await client.form("action", [.photo(.personA1), .text("person_list_search", other)])
        #expect((elsewhere.list("results").first?["matches"] as? [Any])?.isEmpty ?? false)
        let nothing = try await client.form("action", [.file("image", try Pictures.plain())])
        #expect(nothing.status == 200)
        #expect(nothing.message == "no faces found")
    }

    @Test(.contract(.enfaceActions, .documented)) func `strangers are enrolled only where a list for them is named`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let list = try await client.makeList()
        let plain = try await client.form("action", [.photo(.biden), .text("person_list_search", list)])
        #expect(plain.json["persons_new"] as? Int == 0)
        let parts = [
            try FormPart.photo(.biden), .text("person_list_search", list), .text("person_list_add", list),
        ]
        let added = try await client.form("action", parts)
        #expect(added.json["persons_new"] as? Int == 1, "\(added.text)")
        let person = try #require(added.list("persons").first)
        #expect(
            (added.list("results").first?["persons"] as? [[String: Any]])?.first?["person_id"] as? String == person[
                "person_id"] as? String)
        let known = try await client.form("action", parts)
        #expect(known.json["persons_new"] as? Int == 0)
        let match = (known.list("results").first?["matches"] as? [[String: Any]])?.first
        #expect(match?["person_id"] as? String == person["person_id"] as? String)
        // A face may be new in one list and known in another.
        let second = try await client.makeList()
        let both = try await client.form(
            "action", [.photo(.biden), .text("person_list_add", list), .text("person_list_add", second)])
        #expect(both.list("persons").map { $0["list_id"] as? String } == [second])
        let never = try await client.form(
            "action", [.photo(.obama), .text("person_list_add", list), .text("new_person_threshold", "never")])
        #expect(never.json["persons_new"] as? Int == 0)
    }

    @Test(.contract(.enfaceActions, .documented)) func `group and source decide what the request leaves open`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let list = try await client.makeList()
        let group = try #require(
            try await client.post(
                "source/group/create",
                ["name": "g \(UUID())", "person_list_search": [["id": list, "on_found": "", "on_failed": ""]]]
            ).json["group_id"] as? String)
        let source = try #require(
            try await client.post(
                "source/create",
                [
                    "name": "door", "group_id": group, "new_person_threshold": "no_match", "person_list_add": [list],
                    "feature_check": "gender",
                ]
            ).json["source_id"] as? String)
        let parts: [FormPart] = [.text("group_id", group), .text("source_id", source)]
        let added = try await client.form("action", [try .photo(.personB1)] + parts)
        #expect(added.json["persons_new"] as? Int == 1, "\(added.text)")
        let person = try #require(added.list("persons").first)
        #expect(person["group_id"] as? String == group)
        #expect(person["source_id"] as? String == source)
        #expect((person["features"] as? [[String: Any]])?.first?["name"] as? String == "gender")
        let found = try await client.form("action", [try .photo(.personB2)] + parts)
        #expect(found.json["persons_new"] as? Int == 0)
        let match = (found.list("results").first?["matches"] as? [[String: Any]])?.first
        #expect(match?["person_id"] as? String == person["person_id"] as? String)
        // The source accepts heads turned by 60 degrees; the request may be stricter.
        let strict = try await client.form(
            "action", [try .photo(.obama2)] + parts + [.text("new_person_yaw_max", "10")])
        #expect(strict.json["persons_new"] as? Int == 0)
    }

    @Test(.contract(.enfaceActions, .observed)) func `unknown groups, sources and lists are named in quotes`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let id = UUID().uuidString.lowercased()
        for (name, message) in [
            ("group_id", "source group with id '\(id)' does not exists"),
            ("source_id", "source with id '\(id)' does not exists"),
            ("person_list_search", "person list with id '\(id)' does not exists"),
            ("person_list_add", "person list with id '\(id)' does not exists"),
        ] {
            let reply = try await client.form("action", [.photo(.personA2), .text(name, id)])
            #expect(reply.isError(404, message), "\(reply.text)")
        }
        let none = try await client.form("action", [.text("results", "1")])
        #expect(none.isError(400, "no image attached"))
        for (name, value) in [
            ("results", "0"), ("results", "101"), ("results", "x"), ("person_list_search", "x"), ("multi", "5"),
        ] {
            let reply = try await client.form("action", [.photo(.personA2), .text(name, value)])
            #expect(reply.isError(400, "invalid schema"), "\(name)=\(value)")
        }
    }

    @Test(.contract(.enfaceActions, .documented))
    func `a face is told as many matches as are asked for, nearest first`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let lists = [try await client.makeList(), try await client.makeList()]
        for list in lists { _ = try await client.enrol(.obama, into: list) }
        let reply = try await client.form(
            "action", [.photo(.obama2), .text("results", "5")] + lists.map { .text("person_list_search", $0) })
        let matches = try #require(reply.list("results").first?["matches"] as? [[String: Any]])
        #expect(matches.count == 2)
        let distances = matches.compactMap { $0["distance"] as? Double }
        #expect(distances == distances.sorted())
    }
}
