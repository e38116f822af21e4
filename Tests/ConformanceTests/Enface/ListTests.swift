import Foundation
import TestKit
import Testing

struct ListTests {
    @Test(.contract(.enfaceLists, .documented)) func `lists are made, renamed, listed and deleted`() async throws {
        let client = try await EnfaceClient.shared()
        let name = "staff \(UUID())"
        let made = try await client.post("person/list/create", ["name": name])
        #expect(made.status == 201)
        let id = try #require(made.json["list_id"] as? String)
        let rows = try await client.send(.GET, "person/lists", nil, token: client.token).array
        #expect(rows.first?["list_id"] as? String == EnfaceClient.defaultID)
        #expect(rows.first?["name"] as? String == "Default list")
        let row = try #require(rows.first { $0["list_id"] as? String == id })
        #expect(row["id"] as? String == id)
        #expect(row["name"] as? String == name)
        #expect(row["persons_total"] as? Int == 0)
        #expect(
            try await client.post("person/list/create", ["name": name]).isError(
                400, "list with this name is already exists"))
        let renamed = try await client.send(
            .PUT, "person/list/update", ["id": id, "name": name + "!"], token: client.token)
        #expect(renamed.json["status"] as? String == "ok")
        #expect(
            try await client.post("person/list/delete", ["name": name]).isError(
                400, "list with this name does not found"))
        let deleted = try await client.send(.DELETE, "person/list/delete", ["list_id": id], token: client.token)
        #expect(deleted.message == "list \(id) deleted")
        #expect(
            try await client.post("person/list/delete", ["id": id]).isError(400, "list with this id does not found"))
        #expect(
            try await client.post("person/list/update", ["id": id, "name": "x"]).isError(
                200, "list with this id does not found"))
    }

    @Test(.contract(.enfaceLists, .observed)) func `the default list stays as it is`() async throws {
        let client = try await EnfaceClient.shared()
        let renamed = try await client.post("person/list/update", ["list_id": EnfaceClient.defaultID, "name": "x"])
        #expect(renamed.isError(200, "can not rename default list"))
        let deleted = try await client.post("person/list/delete", ["list_id": EnfaceClient.defaultID])
        #expect(deleted.isError(400, "can not delete default list"))
        let byName = try await client.post("person/list/delete", ["name": "Default list"])
        #expect(byName.isError(400, "can not delete default list"))
    }

    @Test(
        .contract(.enfaceLists, .observed),
        arguments: [
            ("person/list/create", #"{}"#, "bad list name"), ("person/list/create", #"{"name":""}"#, "bad list name"),
            ("person/list/create", #"{"name":5}"#, "bad list name"),
            ("person/list/update", #"{"name":"x"}"#, "bad list id"),
            ("person/list/update", #"{"id":"x","name":"x"}"#, "bad list id"),
            ("person/list/delete", #"{}"#, "bad list id"), ("person/list/delete", #"{"id":5}"#, "bad list id"),
            ("person/list/delete", #"{"name":""}"#, "bad list name"),
        ])
    func `ids and names of lists have to be such`(path: String, body: String, message: String) async throws {
        let client = try await EnfaceClient.shared()
        let reply = try await client.server.client.post(
            "\(client.base)/\(path)", body, headers: ["token": client.token])
        #expect(reply.isError(400, message), "\(reply.text)")
        let long = try await client.post("person/list/create", ["name": String(repeating: "x", count: 101)])
        #expect(long.isError(400, "bad list name"))
    }

    @Test(.contract(.enfaceLists, .decided)) func `a deleted list takes its persons along`() async throws {
        let client = try await EnfaceClient.shared()
        let list = try await client.makeList()
        let person = try await client.enrol(.personB1, into: list)
        let id = try #require(person["person_id"] as? String)
        #expect(try await client.count(list) == 1)
        #expect(try await client.post("person/list/delete", ["id": list]).status == 200)
        let reply = try await client.post("person", ["person_id": id, "list_id": list])
        #expect(reply.isError(404, "list id \(list) does not found"))
        let url = try #require(person["image_url"] as? String)
        let path = try #require(URL(string: url)?.path)
        #expect(try await client.server.client.request(.GET, path).status == 404)
    }

    @Test(.contract(.enfaceLists, .decided))
    func `accounts do not see each other's lists, persons, groups and sources`()
        async throws
    {
        let first = try await EnfaceClient.shared()
        let second = try await EnfaceClient.second()
        let list = try await first.makeList()
        let person = try #require(try await first.enrol(.personA2, into: list)["person_id"] as? String)
        #expect(try await !second.post("person/lists").array.contains { $0["list_id"] as? String == list })
        #expect(try await second.post("person", ["person_id": person, "list_id": list]).status == 404)
        #expect(try await second.post("person", ["person_id": person]).status == 404)
        #expect(try await second.post("person/delete", ["person_id": person]).status == 404)
        let into = try await second.enrol(try Photo.personA2.bytes(), into: list)
        #expect(into.isError(400, "list with this id does not exists"))
        let found = try await second.form("action", [.photo(.personA1), .text("person_list_search", list)])
        #expect(found.isError(404, "person list with id '\(list)' does not exists"))
        // The default lists have one id and are galleries of their own.
        let mine = try #require(try await second.enrol(.personB1, into: EnfaceClient.defaultID)["person_id"] as? String)
        #expect(try await first.post("person", ["person_id": mine]).status == 404)
        #expect(try await second.post("person", ["person_id": mine]).status == 200)
        let seen = try await second.form("action", [.photo(.personB2)])
        #expect(seen.list("results").first?["matches"] as? [[String: Any]] != nil)
        #expect((seen.list("results").first?["matches"] as? [[String: Any]])?.first?["person_id"] as? String == mine)
        #expect(try await second.post("person/delete", ["person_id": mine]).message == "1 person(s) deleted")
    }
}
