import Foundation
import TestKit
import Testing

struct GroupAndSourceTests {
    @Test(.contract(.enfaceSources, .documented))
    func `every account has a default group that searches the default list`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let groups = try await client.send(.GET, "source/groups", nil, token: client.token).array
        let first = try #require(groups.first)
        #expect(first["group_id"] as? String == EnfaceClient.defaultID)
        #expect(first["name"] as? String == "Default group")
        #expect(first["created"] is String)
        let searched = try #require(first["person_list_search"] as? [[String: String]])
        #expect(searched == [["id": EnfaceClient.defaultID, "on_found": "", "on_failed": ""]])
    }

    @Test(.contract(.enfaceSources, .documented)) func `groups are made, changed and deleted with their sources`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let list = try await client.makeList()
        let name = "group \(UUID())"
        let made = try await client.post(
            "source/group/create",
            ["name": name, "person_list_search": [["id": list, "on_found": "hello", "on_failed": "stop"]]])
        #expect(made.status == 201)
        #expect(made.message == "source group created")
        let id = try #require(made.json["group_id"] as? String)
        #expect(
            try await client.post("source/group/create", ["name": name]).isError(
                400, "group with this name is already exists"))
        let source = try await client.post("source/create", ["name": "door", "group_id": id])
        #expect(source.status == 201)
        let changed = try await client.send(
            .PUT, "source/group/update", ["group_id": id, "name": name + "!"], token: client.token)
        #expect(changed.json["code"] as? Int == 0)
        #expect(changed.message == "source group updated")
        let row = try await client.post("source/groups").array.first { $0["group_id"] as? String == id }
        #expect(row?["name"] as? String == name + "!")
        #expect((row?["person_list_search"] as? [[String: String]])?.first?["on_failed"] == "stop")
        let taken = try await client.post("source/group/update", ["group_id": id, "name": "Default group"])
        #expect(taken.isError(200, "group with this name is already exists"))
        let deleted = try await client.send(.DELETE, "source/group/delete", ["group_id": [id]], token: client.token)
        #expect(deleted.message == "1 group(s) deleted")
        #expect(try await client.post("sources", ["group_id": id]).isError(400, "group with this id does not found"))
        #expect(try await client.post("source/group/delete", ["group_id": id]).isError(200, "id or [ids] must exist"))
        let update = try await client.post("source/group/update", ["group_id": id, "name": "x"])
        #expect(update.isError(200, "source group with this id does not found"))
    }

    @Test(.contract(.enfaceSources, .observed)) func `the default group can be changed but not deleted`() async throws {
        let client = try await EnfaceClient.own([])
        let list = try await client.makeList()
        let reply = try await client.post(
            "source/group/update",
            [
                "group_id": EnfaceClient.defaultID,
                "person_list_search": [["id": list, "on_found": "", "on_failed": ""]],
            ])
        #expect(reply.message == "source group updated")
        let groups = try await client.post("source/groups").array
        #expect(groups.count == 1)
        #expect((groups[0]["person_list_search"] as? [[String: String]])?.map { $0["id"] } == [list])
        let refused = try await client.post("source/group/delete", ["group_id": EnfaceClient.defaultID])
        #expect(refused.isError(200, "can not delete default group"))
        await client.server.stop()
    }

    @Test(
        .contract(.enfaceSources, .observed),
        arguments: [
            #"{}"#, #"{"name":""}"#, #"{"name":5}"#,
            #"{"name":"x","person_list_search":["13814001-1dd2-11b2-b619-5502c27ed19c"]}"#,
            #"{"name":"x","person_list_search":[{"id":"13814001-1dd2-11b2-b619-5502c27ed19c","on_found":""}]}"#,
            #"{"name":"x","person_list_search":[{"id":"bad","on_found":"","on_failed":""}]}"#,
            #"{"name":"x","person_list_search":"text"}"#,
            #"{"name":"x","person_list_search":[{"id":"13814001-1dd2-11b2-b619-5502c27ed19c","on_found":"","on_failed":""},{"id":"13814001-1dd2-11b2-b619-5502c27ed19c","on_found":"","on_failed":""}]}"#,
        ])
    func `a group needs a name and whole search lists`(body: String) async throws {
        let client = try await EnfaceClient.shared()
        let reply = try await client.server.client.post(
            "\(client.base)/source/group/create", body, headers: ["token": client.token])
        #expect(reply.isError(400, "invalid schema"), "\(reply.text)")
    }

    @Test(.contract(.enfaceSources, .observed)) func `an unknown list of a group is named in the answer`() async throws
    {
        let client = try await EnfaceClient.shared()
        let id = UUID().uuidString.lowercased()
        let reply = try await client.post(
            "source/group/create",
            ["name": "group \(UUID())", "person_list_search": [["id": id, "on_found": "", "on_failed": ""]]])
        #expect(reply.isError(400, "list id '\(id)' does not found"))
    }

    @Test(.contract(.enfaceSources, .documented)) func `a source keeps what it was told, in the platform's defaults`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let list = try await client.makeList()
        let group = try #require(
            try await client.post("source/group/create", ["name": "group \(UUID())"]).json["group_id"] as? String)
        let plain = try await client.post("source/create", ["name": "plain", "group_id": group])
        #expect(plain.message == "source created")
        let full = try await client.post(
            "source/create",
            [
                "name": "full", "group_id": group, "new_person_threshold": 90, "new_person_square_min": "50",
                "new_person_angle_max": 10, "new_person_yaw_max": 20, "person_list_add": list,
                "features_check": ["gender", "age"],
            ])
        #expect(full.status == 201, "\(full.text)")
        let sources = try await client.send(.GET, "sources", ["group_id": group], token: client.token).array
        #expect(sources.map { $0["name"] as? String } == ["plain", "full"])
        let rules = sources.compactMap { $0["auto_person_create"] as? [String: Any] }
        #expect(rules[0]["new_person_threshold"] as? String == "never")
        #expect(rules[0]["new_person_square_min"] as? Int == 112)
        #expect(rules[0]["new_person_yaw_max"] as? Int == 60)
        #expect(rules[1]["new_person_threshold"] as? String == "90")
        #expect(rules[1]["new_person_square_min"] as? Int == 50)
        #expect(rules[1]["new_person_yaw_max"] as? Int == 20)
        #expect(rules[1]["person_list_add"] as? [String] == [list])
        #expect(sources[1]["feature_check"] as? [String] == ["gender", "age"])

        let id = try #require(sources[1]["source_id"] as? String)
        let changed = try await client.send(
            .PUT, "source/update", ["group_id": group, "source_id": id, "new_person_threshold": "no_match"],
            token: client.token)
        #expect(changed.message == "source updated")
        let again = try await client.post("sources", ["group_id": group]).array
        let rule = again.last?["auto_person_create"] as? [String: Any]
        #expect(rule?["new_person_threshold"] as? String == "no_match")
        #expect(rule?["new_person_yaw_max"] as? Int == 20)
        let deleted = try await client.send(
            .DELETE, "source/delete", ["group_id": group, "source_id": [id, UUID().uuidString]], token: client.token)
        #expect(deleted.message == "1 source(s) deleted")
        let gone = try await client.post("source/delete", ["group_id": group, "source_id": id])
        #expect(gone.isError(200, "no sources found with provided id(s)"))
        let unknown = try await client.post("source/update", ["group_id": group, "source_id": id, "name": "x"])
        #expect(unknown.isError(200, "source with this id does not found"))
        let noGroup = try await client.post(
            "source/update", ["group_id": UUID().uuidString, "source_id": id, "name": "x"])
        #expect(noGroup.isError(200, "source group with this id does not found"))
        let noGroupToDelete = try await client.post("source/delete", ["group_id": UUID().uuidString, "source_id": id])
        #expect(noGroupToDelete.isError(200, "group with this id does not found"))
        let base = try await client.post(
            "source/delete", ["group_id": EnfaceClient.defaultID, "source_id": EnfaceClient.defaultID])
        #expect(base.isError(200, "can not delete default source"))
    }

    @Test(
        .contract(.enfaceSources, .observed),
        arguments: [
            ("name", #""""#), ("name", "5"), ("group_id", #""bad""#), ("group_id", "5"), ("new_person_threshold", "34"),
            ("new_person_threshold", #""often""#), ("new_person_square_min", "0"), ("new_person_yaw_max", "-5"),
            ("new_person_angle_max", #""x""#), ("person_list_add", #""bad""#), ("person_list_add", #"["bad"]"#),
            ("feature_check", "5"), ("feature_check", #""height""#), ("features_check", #"["race","height"]"#),
        ])
    func `what a source cannot be told is an invalid schema`(key: String, value: String) async throws {
        let client = try await EnfaceClient.shared()
        var members = ["name": #""door""#, "group_id": "\"\(EnfaceClient.defaultID)\""]
        members[key] = value
        let body = "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
        let reply = try await client.server.client.post(
            "\(client.base)/source/create", body, headers: ["token": client.token])
        #expect(reply.isError(400, "invalid schema"), "\(body) \(reply.text)")
    }

    @Test(.contract(.enfaceSources, .observed)) func `unknown groups and lists of a source are named`() async throws {
        let client = try await EnfaceClient.shared()
        let id = UUID().uuidString.lowercased()
        let group = try await client.post("source/create", ["name": "x", "group_id": id])
        #expect(group.isError(400, "group id '\(id)' does not found"))
        let list = try await client.post(
            "source/create", ["name": "x", "group_id": EnfaceClient.defaultID, "person_list_add": [id]])
        #expect(list.isError(400, "person list id '\(id)' does not found"))
        #expect(try await client.post("sources", [:]).isError(400, "invalid schema"))
        #expect(try await client.post("sources", ["group_id": "x"]).isError(400, "invalid schema"))
    }
}
