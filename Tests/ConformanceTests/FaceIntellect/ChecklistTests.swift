import Foundation
import TestKit
import Testing

/// What existing clients break on, one test for each point of the list that their programs gave.
struct ChecklistTests {
    @Test(.contract(.transport, .observed))
    func `1: the status of a change is exactly SUCCESS`() async throws {
        let client = try await FaceIntellectClient.shared()
        let created = try await client.call("CreatePerson", person(photo: try Photo.biden.base64()))
        let id = try #require(created.json["Result"] as? String)
        let updated = try await client.call("UpdatePerson", ["server_id": "1", "id": id, "comment": "3"])
        let deleted = try await client.call("DeletePersons", ["server_id": "1", "id": [id]])
        for reply in [created, updated, deleted] {
            #expect(reply.status == 200)
            #expect(reply.code == "SUCCESS")
        }
    }

    @Test(.contract(.readPersons, .observed))
    func `2: a page of 5000 persons is an array whose rows have Id, Patronymic and Surname`() async throws {
        try await EmulatorClient.with { emulator in
            let empty = try await emulator.dialect.call("ReadPersons", ["server_id": "1", "page": 1, "pageSize": 5000])
            #expect((empty.json["PersonList"] as? [Any])?.isEmpty == true)
            _ = try await emulator.dialect.create(photo: .biden)
            let face = try #require(
                try await emulator.dialect.call("FindFaces", ["image": try Photo.biden.base64()]).list("FaceList").first
            )
            #expect(face["PersonList"] is [[String: Any]])
            let rows = try await emulator.dialect.call(
                "ReadPersons", ["server_id": "1", "page": 1, "pageSize": 5000]
            ).list("PersonList")
            #expect(rows.count == 1)
            for key in ["Id", "Patronymic", "Surname"] { #expect(rows[0][key] is String) }
        }
    }

    @Test(.contract(.readPersons, .observed))
    func `3: ReadPersons has a top-level Status, an object Responce, an integer Total and a text Source`() async throws
    {
        let reply = try await FaceIntellectClient.shared().call("ReadPersons", ["server_id": "1", "pageSize": 2])
        #expect(reply.json["Status"] as? String == "OK")
        #expect((reply.json["Responce"] as? [String: Any])?["Status"] as? String == "OK")
        #expect(reply.json["Total"] is Int && reply.json["Source"] is String)
    }

    @Test(.contract(.readPersons, .observed))
    func `4: no text of a person is null or missing`() async throws {
        let client = try await FaceIntellectClient.shared()
        let row = try #require(try await client.person(try await client.create(photo: .biden)))
        for key in ["Id", "ImageId", "Name", "Surname", "Patronymic", "Department", "Comment", "Timestamp"] {
            #expect(row[key] is String)
        }
    }

    @Test(.contract(.findFaces, .observed))
    func `5: Sim is a text and PersonId a whole number or absent`() async throws {
        let client = try await FaceIntellectClient.shared()
        let user = try await client.create(["createPersonInIntellect": 1], photo: .personA1)
        let other = try await client.create(photo: .personA1)
        let reply = try await client.call(
            "FindFaces", ["server_id": "1", "findPersons": 100_000, "image": try Photo.personA1.base64()])
        let rows = try #require(reply.list("FaceList").first?["PersonList"] as? [[String: Any]])
        let first = try #require(rows.first { $0["Id"] as? String == user })
        let second = try #require(rows.first { $0["Id"] as? String == other })
        #expect(first["Sim"] is String && first["PersonId"] is Int)
        #expect(second["PersonId"] == nil)
        #expect(reply.text.contains(/"PersonId":\d+[,}]/))
    }

    @Test(.contract(.findFaces, .observed))
    func `6: FaceList is an array, every face has a PersonList, and the duration is a whole number`() async throws {
        let client = try await FaceIntellectClient.shared()
        for photo in [try Photo.biden.base64(), try Pictures.plain().base64(), ""] {
            let reply = try await client.call("FindFaces", ["server_id": "1", "findPersons": 5, "image": photo])
            let faces = try #require(reply.json["FaceList"] as? [[String: Any]])
            #expect(faces.allSatisfy { $0["PersonList"] is [[String: Any]] })
            #expect(reply.text.contains(/"ProcessedFindFacesDuration":\d+[,}]/))
        }
    }

    @Test(.contract(.findFaces, .observed))
    func `7: no face is an empty list, and a genuine face has a best match of 0.99 or more`() async throws {
        let client = try await FaceIntellectClient.shared()
        let none = try await client.call("FindFaces", ["findPersons": 1, "image": try Pictures.plain().base64()])
        #expect(none.status == 200 && (none.json["FaceList"] as? [Any])?.count == 0)
        _ = try await client.create(photo: .personB1)
        let reply = try await client.call("FindFaces", ["findPersons": 1, "image": try Photo.personB2.base64()])
        let best = try #require((reply.list("FaceList").first?["PersonList"] as? [[String: Any]])?.first)
        #expect(similarity(best) >= 0.99)
    }

    @Test(.contract(.transport, .observed), arguments: ["CreatePerson", "ReadPersons", "FindFaces", "GetProtocols"])
    func `8: a server that is not ready says so at the top level of a 200`(method: String) async throws {
        try await EmulatorClient.with { emulator in
            _ = try await emulator.call(.POST, "faults", ["kind": "not-ready", "count": 1])
            let body: [String: Any] = ["server_id": "1", "image": try Photo.biden.base64(), "findPersons": 1]
            let reply = try await emulator.dialect.call(method, body)
            #expect(reply.status == 200)
            #expect(reply.json["Status"] as? String == "SERVER_NOT_READY")
            #expect(try await emulator.dialect.call(method, body).code != "SERVER_NOT_READY")
        }
    }

    @Test(.contract(.getProtocols, .observed))
    func `9: protocols carry the person's texts exactly as stored`() async throws {
        let emulator = try await EmulatorClient.shared()
        let texts = ["patronymic": "00" + uniqueWord(), "department": "007", "comment": " 2 ", "surname": "Ü"]
        _ = try await emulator.dialect.create(texts, photo: .impostor2)
        let camera = try await emulator.addCamera("Gate 9")
        try await emulator.pass(.impostor2, camera: camera, at: "2034-01-01T12:00:00")
        let row = try #require(try await emulator.protocols(["cameraIds": [camera], "pageSize": 1500]).first)
        #expect(row["id"] is String && row["camera_name"] as? String == "Gate 9")
        let time = try #require(row["timestamp"] as? String)
        #expect(time.split(separator: "T").count == 2 && time.split(separator: ".").count == 2)
        let hits = try #require(row["Hits"] as? [[String: Any]])
        let hit = try #require(hits.first { $0["patronymic"] as? String == texts["patronymic"] })
        for (key, text) in texts { #expect(hit[key] as? String == text) }
    }

    @Test(.contract(.getImage, .observed))
    func `10: captured pictures and reference photos come back as JPEG`() async throws {
        let emulator = try await EmulatorClient.shared()
        let person = try await emulator.dialect.create(photo: .personB1)
        let camera = try await emulator.addCamera()
        let capture = try #require(
            try await emulator.pass(.personB2, camera: camera, at: "2034-02-01T12:00:00").first)
        let reference = try #require(try await emulator.dialect.person(person)?["ImageId"] as? String)
        for id in [capture, reference] {
            let reply = try await emulator.dialect.image(id)
            #expect(reply.status == 200)
            #expect(reply.headers["Content-Type"] == ["image/jpeg"])
            #expect(reply.body.starts(with: [0xFF, 0xD8, 0xFF]))
        }
    }

    @Test(
        .contract(.transport, .observed),
        arguments: ["/firserver", "/web2/secure/face/firserver", "/web2/secure/face/1/firserver"])
    func `11: the three forms of the address lead to every method`(prefix: String) async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create(photo: .biden)
        let http = client.server.client
        #expect(try await http.post("\(prefix)/ReadPersons", #"{"id":["\#(id)"]}"#).list("PersonList").count == 1)
        #expect(try await http.request(.GET, "\(prefix)/GetImage/1/\(id)").status == 200)
        #expect(try await http.post("\(prefix)/GetProtocols", "{}").code == "OK")
        #expect(try await http.post("\(prefix)/DeletePersons", #"{"id":["\#(id)"]}"#).code == "SUCCESS")
    }

    @Test(.contract(.createPerson, .observed))
    func `12: an empty id and an empty fir mean that there is none`() async throws {
        let client = try await FaceIntellectClient.shared()
        var body = person(photo: try Photo.biden.base64())
        body["id"] = ""
        body["fir"] = ""
        let reply = try await client.call("CreatePerson", body)
        #expect(reply.code == "SUCCESS")
        #expect((reply.json["Result"] as? String)?.wholeMatch(of: /[0-9A-F]{8}-([0-9A-F]{4}-){3}[0-9A-F]{12}/) != nil)
    }

    @Test(.contract(.authentication, .observed))
    func `13: nobody is asked for credentials, and credentials and cookies do no harm`() async throws {
        let http = try await FaceIntellectClient.shared().server.client
        #expect(try await http.post("/firserver/ReadPersons", "{}").status == 200)
        let reply = try await http.post(
            "/firserver/ReadPersons", "{}",
            headers: ["Authorization": "Basic MTox", "Cookie": "JSESSIONID=0A1B2C; other=1"])
        #expect(reply.status == 200 && reply.code == "OK")
    }

    @Test(.contract(.transport, .observed))
    func `14: create, list, find, delete, gone`() async throws {
        try await EmulatorClient.with { emulator in
            let client = emulator.dialect
            let id = try await client.create(["surname": "Rojas"], photo: .personA1)
            #expect(try await client.person(id)?["Surname"] as? String == "Rojas")
            func best() async throws -> [String: Any]? {
                let reply = try await client.call(
                    "FindFaces", ["server_id": "1", "findPersons": 1, "image": try Photo.personA2.base64()])
                return (reply.list("FaceList").first?["PersonList"] as? [[String: Any]])?.first
            }
            let found = try #require(try await best())
            #expect(found["Id"] as? String == id && similarity(found) >= 0.99)
            #expect(try await client.call("DeletePersons", ["server_id": "1", "id": [id]]).code == "SUCCESS")
            #expect(try await client.person(id) == nil)
            #expect(try await best() == nil)
        }
    }

    private func person(photo: String) -> [String: Any] {
        [
            "server_id": "1", "objectType": "PERSON", "name": "Ana", "surname": "Rojas", "patronymic": "40112233",
            "department": "12", "comment": "2", "createPersonInIntellect": 0, "image": photo,
        ]
    }
}
