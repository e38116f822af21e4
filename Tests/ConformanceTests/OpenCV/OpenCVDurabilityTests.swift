import Foundation
import TestKit
import Testing

@Suite(.serialized) struct OpenCVDurabilityTests {
    /// How long the load lasts; FIRSERVER_LOAD_SECONDS makes it longer, 60 for the long form.
    private static var duration: Duration {
        .seconds(ProcessInfo.processInfo.environment["FIRSERVER_LOAD_SECONDS"].flatMap { Int($0) } ?? 8)
    }

    @Test(.contract(.openCVCloud, .decided)) func `eight clients who enrol, search and delete get consistent answers`()
        async throws
    {
        try await OpenCVClient.with(["--log-level", "warning"]) { client in
            let collection = try await client.addCollection()
            let people: [(enrolled: Photo, sought: Photo)] = [
                (.obama, .obama2), (.biden, .biden), (.personA1, .personA2), (.personB1, .personB2),
            ]
            let end = ContinuousClock.now + Self.duration
            let rounds = try await withThrowingTaskGroup(of: Int.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        let person = people[worker % people.count]
                        var rounds = 0
                        while ContinuousClock.now < end {
                            let id = "\(worker)-\(rounds)"
                            let options: [String: Any] = rounds.isMultiple(of: 2) ? ["collection_id": collection] : [:]
                            try await client.addPerson([person.enrolled], ["id": id, "collections": [collection]])
                            #expect(try await client.search(person.sought, options).contains(id))
                            let gone =
                                rounds.isMultiple(of: 3)
                                ? try await client.call(.PATCH, "persons", ["action": "DELETE", "person_ids": [id]])
                                : try await client.call(.DELETE, "person/\(id)")
                            #expect(gone.status == 200)
                            let left = try await client.search(person.sought, options)
                            #expect(!left.contains(id))
                            // Whoever is found is one of the four workers' that show the same person.
                            for other in left { #expect(Int(other.prefix(1)).map { $0 % 4 } == worker % 4) }
                            rounds += 1
                        }
                        return rounds
                    }
                }
                return try await group.reduce(0, +)
            }
            print("\(rounds) rounds of enrolment, two searches and a deletion in \(Self.duration)")
            #expect(rounds >= 8)
            #expect(try await client.call(.GET, "persons").json["count"] as? Int == 0)
            #expect(try await client.call(.GET, "collection/\(collection)").json["count"] as? Int == 0)
        }
    }

    @Test(.contract(.openCVCloud, .decided)) func `collections, crops and keys are the same after a crash`()
        async throws
    {
        let first = try await RunningServer(arguments: OpenCVClient.keyArguments)
        var client = OpenCVClient(server: first)
        let collection = try await client.addCollection()
        try await client.addPerson([.obama], ["id": "o", "collections": [collection], "gender": "M"])
        try await client.addPerson([.biden], ["id": "b"])
        let name = try await client.addNamedCollection()
        try await client.put(.personA1, id: "a", in: name, ["face_storage_type": "NoStorage"])
        let detected = try await client.call(.POST, "detect", ["image": try Photo.obama2.base64()])
        let crop = try #require(detected.list.first?["thumbnail"] as? String)
        await first.crash()

        let second = try await RunningServer(arguments: [], after: first)
        client = OpenCVClient(server: second)
        #expect(try await client.search(.obama2, ["collection_id": collection]) == ["o"])
        #expect(try await client.search(.biden, ["collection_id": collection]).isEmpty)
        #expect(try await client.search(.biden) == ["b"])
        #expect(try await client.call(.GET, "person/o").json["gender"] as? String == "M")
        let found = try await client.call(.POST, "search/crops", ["images": [crop]])
        #expect(found.list.first?["id"] as? String == "o")
        let body: [String: Any] = ["collection_name": name, "face_base_64": try Photo.personA2.base64()]
        #expect(try await client.frServer.call(.POST, "face-search", body).list.first?["person_id"] as? String == "a")
        #expect(await second.stop() == 0)
    }

    @Test(.contract(.openCVCloud, .decided)) func `the emulator's copies and its reset know of collections`()
        async throws
    {
        try await OpenCVClient.with(["--emulator"]) { client in
            let emulator = EmulatorClient(server: client.server)
            let collection = try await client.addCollection("kept")
            try await client.addPerson([.obama], ["id": "o", "collections": [collection]])
            let name = try await client.addNamedCollection()
            try await client.put(.biden, id: "b", in: name)
            #expect(try await emulator.call(.PUT, "snapshots/one").status < 300)
            #expect(try await emulator.call(.POST, "reset").status < 300)
            #expect(try await client.call(.GET, "collections").json["count"] as? Int == 0)
            #expect(try await client.frServer.call(.GET, "collections").list.isEmpty)
            #expect(try await client.search(.obama).isEmpty)
            let restored = try await emulator.call(.POST, "snapshots/one/restore")
            #expect(restored.status < 300, "\(restored.text)")
            #expect(try await client.search(.obama2, ["collection_id": collection]) == ["o"])
            let body: [String: Any] = ["collection_name": name, "face_base_64": try Photo.biden.base64()]
            #expect(try await client.frServer.call(.POST, "face-search", body).list.count == 1)
        }
    }
}
