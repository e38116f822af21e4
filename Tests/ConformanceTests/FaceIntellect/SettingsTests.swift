import TestKit
import Testing

/// Settings of the dialect that change what clients see.
struct SettingsTests {
    @Test(.contract(.findFaces, .decided)) func `matches below a limit can be left out, and searches need not count`()
        async throws
    {
        let server = try await RunningServer(arguments: [
            "--face-intellect-find-faces-min-sim", "0.5", "--face-intellect-count-find-faces", "false",
            "--recognition-max-persons", "2",
        ])
        let client = FaceIntellectClient(server: server)
        let id = try await client.create(photo: .personA1)
        let replaced = try await client.create(photo: .biden)
        let face = try #require(
            try await client.call("FindFaces", ["findPersons": 9, "image": try Photo.personA2.base64()]).list(
                "FaceList"
            ).first)
        let rows = try #require(face["PersonList"] as? [[String: Any]])
        #expect(rows.map { $0["Id"] as? String } == [id])
        #expect(rows.first?["RecognitionCount"] as? Int == 0)
        let full = try await client.call(
            "CreatePerson", ["surname": "S", "department": "", "image": try Photo.obama.base64()])
        #expect(
            full.json as? [String: String] == [
                "Status": "MAXIMUM_FIRS", "Result": "", "Description": "Maximum FIR in database",
            ])
        // Replacing somebody does not make the database larger.
        #expect(try await client.create(["id": replaced], photo: .obama) == replaced)
        #expect(await server.stop() == 0)
    }
}
