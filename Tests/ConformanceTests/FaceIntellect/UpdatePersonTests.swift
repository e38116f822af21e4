import Foundation
import TestKit
import Testing

struct UpdatePersonTests {
    @Test(.contract(.updatePerson, .observed)) func `only the sent fields change`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create([
            "name": "N", "surname": "S", "patronymic": "P", "department": "D", "comment": "C",
        ])
        let before = try #require(try await client.person(id))
        let reply = try await client.call(
            "UpdatePerson", ["server_id": "1", "id": id.lowercased(), "comment": 3, "name": "", "image": "ignored"])
        #expect(reply.status == 200)
        #expect(reply.code == "SUCCESS")
        #expect(reply.json["Result"] as? String == id)
        #expect(reply.json["Description"] as? String == "")
        let after = try #require(try await client.person(id))
        #expect(after["Comment"] as? String == "3")
        #expect(after["Name"] as? String == "")
        for key in ["Surname", "Patronymic", "Department", "Timestamp", "ImageId", "LastRecognitionTimestamp"] {
            #expect(after[key] as? String == before[key] as? String)
        }
        #expect(after["RecognitionCount"] as? Int == before["RecognitionCount"] as? Int)
    }

    @Test(.contract(.updatePerson, .documented)) func `every text field can be changed`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create()
        let texts = ["name": "1", "surname": "2", "patronymic": "3", "department": "4", "comment": "5"]
        var body: [String: Any] = texts
        body["id"] = "{\(id)}"
        #expect(try await client.call("UpdatePerson", body).code == "SUCCESS")
        let row = try #require(try await client.person(id))
        #expect(
            ["Name", "Surname", "Patronymic", "Department", "Comment"].map { row[$0] as? String } == [
                "1", "2", "3", "4", "5",
            ])
    }

    @Test(.contract(.updatePerson, .decided))
    func `an update without any field and one with null succeed and change nothing`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create(["name": "N"])
        #expect(try await client.call("UpdatePerson", ["id": id]).code == "SUCCESS")
        #expect(try await client.call("UpdatePerson", ["id": id, "name": NSNull()]).code == "SUCCESS")
        #expect(try await client.person(id)?["Name"] as? String == "N")
    }

    @Test(.contract(.updatePerson, .decided)) func `a person keeps the place in the list`() async throws {
        let client = try await FaceIntellectClient.shared()
        let department = uniqueWord()
        let ids = [
            try await client.create(["department": department]), try await client.create(["department": department]),
        ]
        #expect(try await client.call("UpdatePerson", ["id": ids[0], "name": "X"]).code == "SUCCESS")
        let rows = try await client.call("ReadPersons", ["departmentFilter": department, "pageSize": 5]).list(
            "PersonList")
        #expect(rows.map { $0["Id"] as? String } == [ids[1], ids[0]])
    }

    @Test(
        .contract(.updatePerson, .documented),
        arguments: [
            #"{}"#, #"{"id":null}"#, #"{"id":""}"#, #"{"id":"x"}"#, #"{"id":["x"]}"#,
            #"{"id":"5D2F0B44-7A3E-4C19-9C55-20F1B6A7E001"}"#, #"{"id":"99999999999999999999"}"#,
        ])
    func `a missing, malformed or unknown id fails`(body: String) async throws {
        let reply = try await FaceIntellectClient.shared().call("UpdatePerson", text: body)
        #expect(reply.status == 200)
        #expect(reply.code == "FAILED_TO_UPDATE_PERSON")
        #expect(reply.json["Result"] as? String == "")
    }

    @Test(.contract(.updatePerson, .documented)) func `columns of the platform are taken`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create(["createPersonInIntellect": 1])
        #expect(try await client.call("UpdatePerson", ["id": id, "additionalParams": ["pin": "1"]]).code == "SUCCESS")
        #expect(try await client.call("UpdatePerson", ["id": id, "intellect_params": "card<2>"]).code == "SUCCESS")
        let reply = try await client.call("UpdatePerson", ["id": id, "additionalParams": ["pin": "\0"]])
        #expect(reply.code == "FAILED_TO_UPDATE_PERSON")
    }

    @Test(.contract(.updatePerson, .differs("PostgreSQL cannot store the character NUL in a text")))
    func `a text with NUL is refused`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create(["name": "N"])
        #expect(try await client.call("UpdatePerson", ["id": id, "name": "\0"]).code == "FAILED_TO_UPDATE_PERSON")
        #expect(try await client.person(id)?["Name"] as? String == "N")
    }
}
