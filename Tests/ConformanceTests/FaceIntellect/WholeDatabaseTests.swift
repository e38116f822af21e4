import Foundation
import TestKit
import Testing

/// Tests that need a database of their own, one after the other on one server, each beginning with an empty one.
@Suite(.serialized)
struct WholeDatabaseTests {
    private static let server = Task { try await RunningServer(arguments: []) }

    private func emptyDatabase() async throws -> FaceIntellectClient {
        let client = FaceIntellectClient(server: try await Self.server.value)
        let reply = try await client.call("DeletePersons", ["id": ["*all*"]])
        #expect(reply.json as? [String: String] == ["Status": "SUCCESS", "Result": "*all*", "Description": ""])
        return client
    }

    private func search(
        _ client: FaceIntellectClient, _ photo: Photo, findPersons: Any? = 1
    ) async throws -> [[String: Any]] {
        var body: [String: Any] = ["server_id": "1", "image": try photo.base64()]
        body["findPersons"] = findPersons
        let face = try #require(try await client.call("FindFaces", body).list("FaceList").first)
        return try #require(face["PersonList"] as? [[String: Any]])
    }

    @Test(.contract(.transport, .decided)) func `an empty database answers every question`() async throws {
        let client = try await emptyDatabase()
        #expect(try await client.call("DeletePersons", ["id": "*all*"]).code == "SUCCESS")
        let list = try await client.call("ReadPersons", [:])
        #expect(list.code == "OK")
        #expect(list.json["Total"] as? Int == 0)
        #expect((list.json["PersonList"] as? [Any])?.isEmpty == true)
        let faces = try await client.call("FindFaces", ["findPersons": 1, "image": try Photo.biden.base64()]).list(
            "FaceList")
        #expect(faces.count == 1)
        #expect((faces.first?["PersonList"] as? [Any])?.isEmpty == true)
        #expect(faces.first?["ProcessedPersons"] as? Int == 0)
        #expect(try await client.call("UpdatePerson", ["id": UUID().uuidString]).code == "FAILED_TO_UPDATE_PERSON")
    }

    @Test(.contract(.deletePersons, .decided)) func `all in a longer list deletes everyone`() async throws {
        let client = try await emptyDatabase()
        _ = try await client.create()
        _ = try await client.create(photo: .biden)
        let reply = try await client.call("DeletePersons", ["id": [UUID().uuidString, "*all*"]])
        #expect(reply.code == "SUCCESS")
        #expect(reply.json["Result"] as? String == "*all*")
        #expect(try await client.call("ReadPersons", [:]).json["Total"] as? Int == 0)
        #expect(try await search(client, .biden).isEmpty)
    }

    @Test(.contract(.transport, .observed)) func `create, list, find, delete, as clients do`() async throws {
        let client = try await emptyDatabase()
        let id = try await client.create(
            ["patronymic": "40112233", "department": "12", "comment": "2"], photo: .personA1)
        let listed = try await client.call("ReadPersons", ["id": [Any](), "page": 1, "pageSize": 5000]).list(
            "PersonList")
        #expect(listed.map { $0["Patronymic"] as? String } == ["40112233"])
        let found = try await search(client, .personA2)
        #expect(found.first?["Id"] as? String == id)
        #expect(found.first?["Department"] as? String == "12")
        #expect(similarity(try #require(found.first)) >= 0.99)
        #expect(try await client.call("DeletePersons", ["id": [id]]).code == "SUCCESS")
        #expect(try await client.call("ReadPersons", [:]).json["Total"] as? Int == 0)
        #expect(try await search(client, .personA2).isEmpty)
    }

    @Test(.contract(.similarity, .observed))
    func `genuine pairs are above 0.99, the same photo above 0.999, impostors below 0.1`() async throws {
        let client = try await emptyDatabase()
        var ids: [String: Photo] = [:]
        for photo in [Photo.obama, .biden, .personA1, .personB1, .impostor2] {
            ids[try await client.create(photo: photo)] = photo
        }
        for probe in [
            Photo.obama, .obama2, .obama3, .impostor1, .biden, .personA1, .personA2, .personB1, .personB2, .impostor2,
        ] {
            let rows = try await search(client, probe, findPersons: 5)
            #expect(rows.count == 5)
            for row in rows {
                let enrolled = try #require(ids[row["Id"] as? String ?? ""])
                let value = similarity(row)
                if enrolled == probe {
                    #expect(value >= 0.999, "\(probe)")
                } else if enrolled.subject == probe.subject {
                    #expect(value >= 0.99, "\(probe) and \(enrolled)")
                } else {
                    #expect(value < 0.1, "\(probe) and \(enrolled)")
                }
            }
        }
    }

    @Test(.contract(.findFaces, .documented)) func `findPersons limits the matches per face`() async throws {
        let client = try await emptyDatabase()
        for photo in [Photo.obama, .biden, .personA1] { _ = try await client.create(photo: photo) }
        let all = try await client.call(
            "FindFaces", ["findPersons": 9, "image": try Photo.obama2.base64()]
        ).list("FaceList").first
        #expect(all?["ProcessedPersons"] as? Int == 3)
        let cases: [(Any?, Int)] = [
            (nil, 1), (0, 1), (-1, 1), (1, 1), (2, 2), ("2", 2), (1_000_000_000, 3), (NSNull(), 1), ("many", 1),
        ]
        for (value, count) in cases {
            #expect(
                try await search(client, .obama2, findPersons: value).count == count, "\(String(describing: value))")
        }
    }

    @Test(.contract(.similarity, .decided)) func `the same question has the same digits`() async throws {
        let client = try await emptyDatabase()
        for photo in [Photo.obama, .biden, .personA1] { _ = try await client.create(photo: photo) }
        let first = try await search(client, .obama3, findPersons: 3).map { $0["Sim"] as? String }
        for _ in 0..<3 {
            #expect(try await search(client, .obama3, findPersons: 3).map { $0["Sim"] as? String } == first)
        }
        #expect(!first.contains { $0?.contains("e") == true })
    }

    @Test(
        .contract(
            .findFaces,
            .differs(
                "the product counts passes in front of cameras; a test has none, so FindFaces counts, too, unless `--face-intellect-count-find-faces false`"
            ))) func `a hit counts as a recognition and the answer shows it`() async throws
    {
        let client = try await emptyDatabase()
        let id = try await client.create(photo: .personB1)
        let other = try await client.create(photo: .biden)
        for count in 1...3 {
            let row = try #require(try await search(client, .personB2).first)
            #expect(row["RecognitionCount"] as? Int == count)
            #expect((row["LastRecognitionTimestamp"] as? String)?.count == 23)
        }
        #expect(try await client.person(id)?["RecognitionCount"] as? Int == 3)
        #expect(try await client.person(other)?["RecognitionCount"] as? Int == 0)
        // Nobody is recognised, so nobody is counted.
        _ = try await search(client, .impostor2)
        #expect(try await client.person(id)?["RecognitionCount"] as? Int == 3)
        // Counters survive a replacement.
        _ = try await client.create(["id": id], photo: .personB2)
        #expect(try await client.person(id)?["RecognitionCount"] as? Int == 3)
    }

    @Test(.contract(.createPerson, .decided)) func `a replaced photo is searched and the old one is not`() async throws
    {
        let client = try await emptyDatabase()
        let id = try await client.create(photo: .personA1)
        _ = try await client.create(["id": id], photo: .biden)
        #expect(try await search(client, .biden).first.map(similarity) ?? .nan >= 0.999)
        #expect(try await search(client, .personA1).first.map(similarity) ?? .nan < 0.1)
    }

    @Test(.contract(.createPerson, .decided)) func `a photo with a tiny second face is a good portrait`() async throws {
        let client = try await emptyDatabase()
        let id = try await client.create(["image": try Pictures.largeAndTinyFace().base64()])
        #expect(try await search(client, .biden).first?["Id"] as? String == id)
    }

    @Test(.contract(.readPersons, .documented)) func `without filters the total is the size of the database`()
        async throws
    {
        let client = try await emptyDatabase()
        for _ in 0..<3 { _ = try await client.create() }
        let reply = try await client.call("ReadPersons", [:])
        #expect(reply.json["Total"] as? Int == 3)
        #expect(reply.list("PersonList").count == 1)
        #expect(try await client.call("ReadPersons", ["id": "", "page": NSNull()]).json["Total"] as? Int == 3)
    }

    @Test(.contract(.findFaces, .decided)) func `many clients at once find what they added`() async throws {
        let client = try await emptyDatabase()
        try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<24 {
                group.addTask {
                    try await client.create(["name": "\(index)"], photo: index % 2 == 0 ? .biden : .personA1)
                }
            }
            var ids: Set<String> = []
            for try await id in group { ids.insert(id) }
            #expect(ids.count == 24)
        }
        #expect(try await client.call("ReadPersons", ["pageSize": 100]).list("PersonList").count == 24)
        #expect(try await search(client, .biden, findPersons: 100).count == 24)
    }
}
