import Foundation
import TestKit
import Testing

/// What was asked, and why the answer was what it was.
@Suite(.serialized)
struct JournalTests {
    private static let server = Task {
        try await RunningServer(arguments: ["--emulator", "--face-intellect-find-faces-min-sim", "0.2"])
    }

    private func fresh() async throws -> EmulatorClient {
        let emulator = EmulatorClient(server: try await Self.server.value)
        #expect(try await emulator.call(.POST, "reset").status == 204)
        return emulator
    }

    @Test func `a request is kept with its fields, its answer and the times of its stages`() async throws {
        let emulator = try await fresh()
        let photo = try Photo.biden.bytes()
        let id = try await emulator.dialect.create(["surname": "Rojas"], photo: .biden)
        _ = try await emulator.dialect.call(
            "FindFaces", ["server_id": "1", "findPersons": 1, "image": photo.base64(), "extra": ["a": [1, true, "x"]]])
        let entries = try await emulator.call(.GET, "journal").list("entries")
        #expect(entries.map { $0["method"] as? String } == ["CreatePerson", "FindFaces"])
        let entry = entries[1]
        let fields = try #require(entry["fields"] as? [String: Any])
        #expect(fields["findPersons"] as? Int == 1 && fields["server_id"] as? String == "1")
        let picture = try #require(fields["image"] as? [String: Any])
        #expect(picture["size"] as? Int == photo.count && (picture["sha256"] as? String)?.count == 64)
        #expect(((fields["extra"] as? [String: Any])?["a"] as? [Any])?.count == 3)
        #expect(entry["status"] as? Int == 200 && entry["verb"] as? String == "POST")
        #expect(((entry["answer"] as? [String: Any])?["FaceList"] as? [Any])?.count == 1)
        let stages = try #require(entry["stages"] as? [String: Double])
        #expect(Set(stages.keys) == ["queue", "decode", "detect", "embed", "search", "store"])
        #expect((entry["milliseconds"] as? Double ?? 0) >= (stages["embed"] ?? 1))
        let match = try #require(
            ((entry["faces"] as? [[String: Any]])?.first?["matches"] as? [[String: Any]])?.first)
        #expect(match["person"] as? String == id && match["outcome"] as? String == "shown")
    }

    @Test func `near misses are told: ranked below, and withheld`() async throws {
        let emulator = try await fresh()
        let people = ["a", "b", "c"]
        for name in people { _ = try await emulator.dialect.create(["surname": name], photo: .personA1) }
        _ = try await emulator.dialect.create(["surname": "other"], photo: .biden)
        _ = try await emulator.dialect.call("FindFaces", ["findPersons": 2, "image": try Photo.personA2.base64()])
        let entry = try #require(try await emulator.call(.GET, "journal?method=findfaces").list("entries").first)
        let matches = try #require((entry["faces"] as? [[String: Any]])?.first?["matches"] as? [[String: Any]])
        #expect(matches.map { $0["outcome"] as? String } == ["shown", "shown", "rankedBelow", "withheld"])
        #expect(matches.map { $0["surname"] as? String } == people + ["other"])
        let shown = ((entry["answer"] as? [String: Any])?["FaceList"] as? [[String: Any]])?.first?["PersonList"]
        #expect((shown as? [Any])?.count == 2)
    }

    @Test func `it is counted, filtered, cut and cleared`() async throws {
        let emulator = try await fresh()
        for _ in 0..<5 { _ = try await emulator.dialect.call("ReadPersons", [:]) }
        _ = try await emulator.dialect.call("ReadPersons", text: "[1]")
        _ = try await emulator.dialect.call("Nothing", text: "not even JSON")
        func count(_ query: String) async throws -> Int? {
            try await emulator.call(.GET, "journal/count\(query)").json["count"] as? Int
        }
        #expect(try await count("") == 7)
        #expect(try await count("?method=ReadPersons") == 6)
        #expect(try await count("?method=ReadPersons&status=400") == 1)
        #expect(try await count("?status=404") == 1)
        let entries = try await emulator.call(.GET, "journal?limit=2").list("entries")
        #expect(entries.map { $0["status"] as? Int } == [400, 404])
        let number = try #require(entries.first?["number"] as? Int)
        #expect(try await count("?after=\(number)") == 1)
        #expect(try await emulator.call(.DELETE, "journal").status == 204)
        #expect(try await count("") == 0)
        for query in ["?limit=0", "?limit=x", "?limit=5001", "?status=1", "?after=-1"] {
            #expect(try await emulator.call(.GET, "journal\(query)").status == 400)
        }
    }

    @Test func `it is bounded`() async throws {
        let emulator = try await fresh()
        for _ in 0..<5600 { _ = try await emulator.server.client.request(.GET, "/firserver/x") }
        let count = try #require(try await emulator.call(.GET, "journal/count").json["count"] as? Int)
        #expect(4000...5000 ~= count)
    }

    @Test func `faults are told`() async throws {
        let emulator = try await fresh()
        _ = try await emulator.call(.POST, "faults", ["kind": "delay", "milliseconds": 1, "count": 1])
        _ = try await emulator.call(.POST, "faults", ["kind": "malformed-json", "count": 1])
        _ = try await emulator.dialect.call("ReadPersons", [:])
        _ = try await emulator.call(.POST, "faults", ["kind": "status", "status": 503, "count": 1])
        _ = try await emulator.dialect.call("ReadPersons", ["page": 7])
        _ = try await emulator.server.client.request(.GET, "/nothing/here")
        let entries = try await emulator.call(.GET, "journal").list("entries")
        #expect(entries.map { $0["faults"] as? [String] } == [["delay", "malformed-json"], ["status"], []])
        #expect(entries.map { $0["status"] as? Int } == [200, 503, 404])
        // What was asked is kept even where nothing is done.
        #expect((entries[1]["fields"] as? [String: Any])?["page"] as? Int == 7)
    }
}
