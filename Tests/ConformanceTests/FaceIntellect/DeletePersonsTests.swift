import Foundation
import TestKit
import Testing

struct DeletePersonsTests {
    @Test(.contract(.deletePersons, .documented)) func `the id comes back as it was written`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create().lowercased()
        let reply = try await client.call("DeletePersons", ["server_id": "1", "id": [id], "objectType": "X"])
        #expect(reply.status == 200)
        #expect(reply.json as? [String: String] == ["Status": "SUCCESS", "Result": id, "Description": ""])
        #expect(try await client.person(id) == nil)
    }

    @Test(.contract(.deletePersons, .decided)) func `the photo goes with the person`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create()
        let image = try #require(try await client.person(id)?["ImageId"] as? String)
        #expect(try await client.image(image).status == 200)
        #expect(try await client.call("DeletePersons", ["id": id]).code == "SUCCESS")
        #expect(try await client.image(image).status == 404)
        #expect(try await client.image(id).status == 404)
    }

    @Test(.contract(.deletePersons, .decided)) func `several ids come back in their order`() async throws {
        let client = try await FaceIntellectClient.shared()
        let ids = ["{\(try await client.create())}", try await client.create().lowercased(), try await client.create()]
        let reply = try await client.call("DeletePersons", ["id": ids])
        #expect(reply.code == "SUCCESS")
        #expect(reply.json["Result"] as? String == ids.joined(separator: ","))
    }

    @Test(.contract(.deletePersons, .decided)) func `unknown and malformed ids are named and the others are deleted`()
        async throws
    {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create()
        let unknown = UUID().uuidString.lowercased()
        let reply = try await client.call("DeletePersons", ["id": ["bad", id, unknown]])
        #expect(reply.status == 200)
        #expect(reply.code == "FAILED_TO_DELETE_PERSON")
        #expect(reply.json["Result"] as? String == "bad,\(unknown)")
        #expect(try await client.person(id) == nil)
    }

    @Test(.contract(.deletePersons, .decided)) func `an id that is written twice is deleted once`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create()
        let reply = try await client.call("DeletePersons", ["id": [id, id.lowercased()]])
        #expect(reply.code == "SUCCESS")
        #expect(reply.json["Result"] as? String == "\(id),\(id.lowercased())")
    }

    @Test(
        .contract(.deletePersons, .decided),
        arguments: [
            "{}", #"{"id":null}"#, #"{"id":[]}"#, #"{"id":""}"#, #"{"id":[null]}"#, #"{"id":"*ALL*"}"#, #"{"id":{}}"#,
        ])
    func `nothing is deleted without ids`(body: String) async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create()
        let reply = try await client.call("DeletePersons", text: body)
        #expect(reply.status == 200)
        #expect(reply.code == "FAILED_TO_DELETE_PERSON")
        #expect(try await client.person(id) != nil)
    }
}
