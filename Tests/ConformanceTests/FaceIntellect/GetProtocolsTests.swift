import Foundation
import TestKit
import Testing

/// The recognition log as clients read it.
struct GetProtocolsTests {
    @Test(.contract(.getProtocols, .documented))
    func `a row has every documented key with its type`() async throws {
        let emulator = try await EmulatorClient.shared()
        let person = try await emulator.dialect.create([
            "name": "Ana", "surname": "Rojas", "patronymic": "40112233", "department": "12", "comment": "2",
            "createPersonInIntellect": 1,
        ])
        let camera = try await emulator.addCamera("Gate 2")
        let id = try #require(try await emulator.pass(.personA2, camera: camera, at: "2031-01-01T12:58:40.500").first)
        let reply = try await emulator.dialect.call(
            "GetProtocols",
            [
                "server_id": "1", "onlineRefresh": 1, "dateTimeFrom": "2031-01-01T12:06:00.000",
                "dateTimeTo": "2031-01-01T14:05:59.999", "pageSize": 20000, "cameraIds": [camera],
            ])
        #expect(reply.json["ProtocolsTotal"] as? Int == 1)
        let row = try #require(reply.list("Protocols").first)
        #expect(
            Set(row.keys) == [
                "id", "camera_id", "camera_name", "timestamp", "age", "gender", "emotion", "glasses", "facialHair",
                "hairColor", "hairType", "headwear", "liveness", "evasion", "temperature", "fir", "Hits",
            ])
        #expect(row["id"] as? String == id)
        #expect(row["camera_id"] as? String == camera)
        #expect(row["camera_name"] as? String == "Gate 2")
        #expect(row["timestamp"] as? String == "2031-01-01T12:58:40.500")
        #expect(20...60 ~= (row["age"] as? Double ?? 0))
        #expect(row["gender"] as? Int == 1)
        for key in [
            "emotion", "glasses", "facialHair", "hairColor", "hairType", "headwear", "liveness", "evasion",
            "temperature",
        ] {
            #expect(row[key] as? Int == 0)
        }
        let fir = try #require(row["fir"] as? [String: Any])
        #expect(fir["engine"] as? Int == 0 && fir["alg"] as? Int == 0)
        let template = try #require(fir["data"] as? String)
        // What the log tells of a face can be searched for.
        let again = try await emulator.dialect.call("FindFaces", ["findPersons": 1000, "image": template])
        let found = try #require(again.list("FaceList").first?["PersonList"] as? [[String: Any]])
        #expect(found.contains { $0["Id"] as? String == person })
        let hits = try #require(row["Hits"] as? [[String: Any]])
        let own = try #require(try await emulator.dialect.person(person))
        let hit = try #require(hits.first { $0["id"] as? String == own["ImageId"] as? String })
        #expect(hit["person_id"] as? String == (own["PersonId"] as? Int).map(String.init))
        #expect(hit["timestamp"] as? String == own["Timestamp"] as? String)
        let similarity = try #require(hit["sim"] as? Double)
        #expect(0.99...1 ~= similarity)
        #expect(hit["surname"] as? String == "Rojas" && hit["name"] as? String == "Ana")
        #expect(hit["patronymic"] as? String == "40112233" && hit["department"] as? String == "12")
        #expect(hit["comment"] as? String == "2")
    }

    @Test(.contract(.getProtocols, .documented))
    func `rows are newest first and pages follow each other`() async throws {
        let emulator = try await EmulatorClient.shared()
        let camera = try await emulator.addCamera()
        var ids: [String] = []
        for minute in 10..<15 {
            ids += try await emulator.pass(.biden, camera: camera, at: "2031-02-01T12:\(minute):00")
        }
        let newest: [String] = ids.reversed()
        #expect(try await emulator.protocols(["cameraIds": [camera]]).map { $0["id"] as? String } == newest)
        var paged: [String] = []
        for page in 1...4 {
            let reply = try await emulator.dialect.call(
                "GetProtocols", ["cameraIds": [camera], "page": page, "pageSize": 2])
            #expect(reply.json["ProtocolsTotal"] as? Int == 5)
            paged += reply.list("Protocols").compactMap { $0["id"] as? String }
        }
        #expect(paged == newest)
        let one = try await emulator.dialect.call("GetProtocols", ["cameraIds": [camera]])
        #expect(one.list("Protocols").count == 1)
        for (page, size) in [(0, 0), (-3, -1)] {
            let reply = try await emulator.dialect.call(
                "GetProtocols", ["cameraIds": [camera], "page": page, "pageSize": size])
            #expect(reply.list("Protocols").map { $0["id"] as? String } == [newest[0]])
        }
        let far = try await emulator.dialect.call(
            "GetProtocols", ["cameraIds": [camera], "page": 1_000_000_000_000, "pageSize": 9_000_000_000_000])
        #expect(far.list("Protocols").isEmpty)
        #expect(far.json["ProtocolsTotal"] as? Int == 5)
        #expect(far.code == "OK")
    }

    @Test(.contract(.getProtocols, .decided))
    func `the period includes both ends and may be open`() async throws {
        let emulator = try await EmulatorClient.shared()
        let camera = try await emulator.addCamera()
        for second in ["00.000", "10.500", "20.999"] {
            try await emulator.pass(.biden, camera: camera, at: "2031-03-01T12:00:\(second)")
        }
        func count(_ from: String?, _ to: String?) async throws -> Int {
            var conditions: [String: Any] = ["cameraIds": [camera]]
            from.map { conditions["dateTimeFrom"] = $0 }
            to.map { conditions["dateTimeTo"] = $0 }
            return try await emulator.protocols(conditions).count
        }
        #expect(try await count("2031-03-01T12:00:00.000", "2031-03-01T12:00:20.999") == 3)
        #expect(try await count("2031-03-01T12:00:00.001", "2031-03-01T12:00:20.998") == 1)
        #expect(try await count("2031-03-01T12:00:10.500", nil) == 2)
        #expect(try await count(nil, "2031-03-01T12:00:10.500") == 2)
        #expect(try await count(nil, nil) == 3)
        // Other spellings of times.
        #expect(try await count("2031-03-01 12:00:10.5", "2031-03-01T14:00:20.999+02:00") == 2)
        #expect(try await count("2031-03-01T12:00:10.5000000Z", nil) == 2)
        // What cannot be read or ends before it begins matches nothing.
        for (from, to) in [
            ("yesterday", nil), (nil, "2031-13-01T00:00:00"), ("2031-03-02T00:00:00", "2031-03-01T00:00:00"),
        ]
            as [(String?, String?)]
        {
            #expect(try await count(from, to) == 0)
        }
    }

    @Test(.contract(.getProtocols, .documented))
    func `sim_min, genders, ages and cameras choose rows`() async throws {
        let emulator = try await EmulatorClient.shared()
        _ = try await emulator.dialect.create(photo: .personB1)
        let known = try await emulator.addCamera()
        let other = try await emulator.addCamera()
        let woman = try await emulator.pass(.personB2, camera: known, at: "2031-04-01T12:00:00")
        let crowd = try await emulator.pass(.impostor2, camera: other, at: "2031-04-01T12:01:00")
        let both: [String: Any] = ["cameraIds": [known.lowercased(), other]]
        func ids(_ conditions: [String: Any]) async throws -> [String] {
            try await emulator.protocols(both.merging(conditions) { _, new in new }).compactMap { $0["id"] as? String }
        }
        #expect(try await ids([:]) == crowd + woman)
        #expect(try await ids(["sim_min": -1]) == crowd + woman)
        #expect(try await ids(["sim_min": 1]).contains(woman[0]))
        #expect(try await !ids(["sim_min": 0]).contains(woman[0]))
        #expect(try await ids(["sim_min": 0]).count + ids(["sim_min": 1]).count == 2)
        #expect(try await ids(["genders": [2]]) == woman)
        #expect(try await ids(["genders": [1]]) == crowd)
        #expect(try await ids(["genders": [0]]) == [])
        #expect(try await ids(["genders": [0, 1, 2], "minAge": 0, "maxAge": 1000]) == crowd + woman)
        #expect(try await ids(["genders": [], "cameraIds": [known]]) == woman)
        #expect(try await ids(["genders": [7]]) == [])
        let row = try #require(try await emulator.protocols(["cameraIds": [known]]).first)
        let age = Int(try #require(row["age"] as? Double))
        #expect(try await ids(["cameraIds": [known], "minAge": age, "maxAge": age]) == woman)
        #expect(try await ids(["cameraIds": [known], "minAge": age + 1]) == [])
        #expect(try await ids(["cameraIds": [known], "maxAge": age - 1]) == [])
        #expect(try await ids(["cameraIds": ["\(uniqueWord())"]]) == [])
    }

    @Test(.contract(.getProtocols, .decided))
    func `types that clients mix up are read, and what makes no sense is no condition`() async throws {
        let emulator = try await EmulatorClient.shared()
        let camera = try await emulator.addCamera()
        let ids = try await emulator.pass(.biden, camera: camera, at: "2031-05-01T12:00:00")
        for conditions in [
            ["cameraIds": camera], ["genders": "1"], ["genders": ["1", 2]], ["sim_min": "-1"], ["sim_min": 5],
            ["onlineRefresh": 0], ["pageSize": "10"], ["minAge": "0"], ["maxAge": "x"], ["sim_min": [1]],
            ["dateTimeFrom": ""], ["page": NSNull()],
        ] as [[String: Any]] {
            let all: [String: Any] = ["cameraIds": [camera]]
            let rows = try await emulator.protocols(all.merging(conditions) { _, new in new })
            #expect(rows.map { $0["id"] as? String } == ids, "\(conditions)")
        }
    }

    @Test(.contract(.getProtocols, .documented))
    func `hits are at most the configured number, best first, none below the level`() async throws {
        try await EmulatorClient.with { emulator in
            for _ in 0..<7 { _ = try await emulator.dialect.create(photo: .personA1) }
            _ = try await emulator.dialect.create(photo: .biden)
            let camera = try await emulator.addCamera()
            try await emulator.pass(.personA2, camera: camera, at: "2031-06-01T12:00:00")
            _ = try await emulator.call(.PATCH, "settings", ["similarFaces": 20])
            try await emulator.pass(.personA2, camera: camera, at: "2031-06-01T12:01:00")
            let rows = try await emulator.protocols([:])
            let hits = rows.map { $0["Hits"] as? [[String: Any]] ?? [] }
            #expect(hits.map(\.count) == [7, 5])
            for list in hits {
                let similarities = list.compactMap { $0["sim"] as? Double }
                #expect(similarities.allSatisfy { $0 >= 0.5 })
                #expect(similarities == similarities.sorted(by: >))
            }
        }
    }

    @Test(.contract(.log, .decided))
    func `a row is a snapshot that later changes do not touch`() async throws {
        let emulator = try await EmulatorClient.shared()
        let surname = uniqueWord()
        let person = try await emulator.dialect.create(["surname": surname], photo: .impostor1)
        let camera = try await emulator.addCamera("Old name")
        let id = try #require(try await emulator.pass(.obama2, camera: camera, at: "2031-07-01T12:00:00").first)
        _ = try await emulator.dialect.call("UpdatePerson", ["id": person, "surname": "Other"])
        _ = try await emulator.call(.PATCH, "cameras/\(camera)", ["name": "New name"])
        func surnames() async throws -> [String] {
            let row = try #require(try await emulator.protocols(["cameraIds": [camera]]).last)
            #expect(row["camera_name"] as? String == "Old name")
            return (row["Hits"] as? [[String: Any]] ?? []).compactMap { $0["surname"] as? String }
        }
        #expect(try await surnames().contains(surname))
        _ = try await emulator.dialect.call("DeletePersons", ["id": [person]])
        #expect(try await surnames().contains(surname))
        #expect(try await emulator.dialect.image(id).status == 200)
        try await emulator.pass(.biden, camera: camera, at: "2031-07-01T12:05:00")
        let newest = try #require(try await emulator.protocols(["cameraIds": [camera]]).first)
        #expect(newest["camera_name"] as? String == "New name")
    }

    @Test(.contract(.getProtocols, .decided))
    func `templates can be left out to keep pages small`() async throws {
        try await EmulatorClient.with(["--face-intellect-protocols-include-fir", "false"]) { emulator in
            let camera = try await emulator.addCamera()
            try await emulator.pass(.biden, camera: camera)
            let row = try #require(try await emulator.protocols([:]).first)
            #expect((row["fir"] as? [String: Any])?["data"] as? String == "")
            #expect((row["Hits"] as? [Any])?.isEmpty == true)
        }
    }
}
