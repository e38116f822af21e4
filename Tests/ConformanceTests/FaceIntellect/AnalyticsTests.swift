import Foundation
import TestKit
import Testing

/// Visitors, demographics and the search in the archive.
struct AnalyticsTests {
    @Test(.contract(.getAnalityc, .documented))
    func `passes of a period are sorted into unique faces`() async throws {
        let emulator = try await EmulatorClient.shared()
        let camera = try await emulator.addCamera("Gate")
        var ids: [[String]] = []
        for (photo, time) in [
            (Photo.biden, "12:00:00"), (.personB1, "12:01:00"), (.personB2, "12:02:00"), (.biden, "12:03:00"),
            (.biden, "12:04:00"),
        ] {
            ids.append(try await emulator.pass(photo, camera: camera, at: "2032-01-01T\(time)"))
        }
        let reply = try await analityc(emulator, camera)
        #expect(reply.json["Total"] as? Int == 2)
        #expect(reply.json["Males"] as? Int == 1 && reply.json["Females"] as? Int == 1)
        #expect(reply.json["Unknown"] as? Int == 0)
        #expect((reply.json["Response"] as? [String: Any])?["Status"] as? String == "SUCCESS")
        #expect(reply.code == "SUCCESS")
        let faces = reply.list("PassAndLikesList")
        // Newest main pass first; the main pass is the first one of its face.
        #expect(faces.map { ($0["MainPass"] as? [String: Any])?["Id"] as? String } == [ids[1][0], ids[0][0]])
        let likes = faces.map { ($0["LikePasses"] as? [[String: Any]] ?? []).compactMap { $0["Id"] as? String } }
        #expect(likes[0] == ids[2])
        #expect(Set(likes[1]) == [ids[3][0], ids[4][0]])
        let main = try #require(faces[0]["MainPass"] as? [String: Any])
        #expect(
            Set(main.keys) == [
                "Id", "Timestamp", "CameraId", "CameraName", "Age", "Gender", "Temperature", "Emotion", "Glasses",
                "FacialHair", "HairColor", "HairType", "Headwear", "Liveness", "Evasion",
            ])
        #expect(main["Timestamp"] as? String == "2032-01-01T12:01:00.000")
        #expect(main["Gender"] as? Int == 2)
    }

    @Test(.contract(.getAnalityc, .decided))
    func `a person's passes are one face, and the best match is told`() async throws {
        try await EmulatorClient.with { emulator in
            let person = try await emulator.dialect.create(["surname": "Macron"], photo: .personA1)
            let camera = try await emulator.addCamera()
            try await emulator.pass(.personA2, camera: camera, at: "2032-02-01T12:00:00")
            try await emulator.pass(.biden, camera: camera, at: "2032-02-01T12:01:00")
            for minute in 2..<9 {
                try await emulator.pass(.personA1, camera: camera, at: "2032-02-01T12:0\(minute):00")
            }
            // Whatever the threshold says, a recognised person is one face.
            let faces = try await analityc(emulator, camera, ["threshold": 1]).list("PassAndLikesList")
            #expect(faces.count == 2)
            let best = try #require(faces[1]["BestPerson"] as? [String: Any])
            #expect(best["Id"] as? String == person)
            #expect(similarity(best) >= 0.999)
            #expect(best["RecognitionCount"] as? Int == 8)
            #expect((faces[1]["LikePasses"] as? [Any])?.count == 5)
            #expect(faces[0]["BestPerson"] is NSNull)
            func totals(_ conditions: [String: Any]) async throws -> Int? {
                try await analityc(emulator, camera, conditions).json["Total"] as? Int
            }
            #expect(try await totals(["faceMode": 0]) == 2)
            #expect(try await totals(["faceMode": 1]) == 1)
            #expect(try await totals(["faceMode": 2]) == 1)
            #expect(try await totals(["minPasses": 2]) == 1)
            #expect(try await totals(["maxPasses": 7]) == 1)
            #expect(try await totals(["minPasses": 2, "maxPasses": 7]) == 0)
            #expect(try await totals(["genders": [2]]) == 0)
            #expect(try await totals(["minAge": 1, "maxAge": 2]) == 0)
            #expect(try await totals(["dateTimeTo": "2032-02-01T12:00:30"]) == 1)
            #expect(try await totals(["dateTimeTo": "nonsense"]) == 0)
            // Who is deleted is told as the log remembers.
            _ = try await emulator.dialect.call("DeletePersons", ["id": [person]])
            let later = try await analityc(emulator, camera).list("PassAndLikesList")
            #expect((later[1]["BestPerson"] as? [String: Any])?["Surname"] as? String == "Macron")
        }
    }

    @Test(.contract(.getAnalitycByTime, .documented))
    func `passes are counted by period, age and gender`() async throws {
        let emulator = try await EmulatorClient.shared()
        let camera = try await emulator.addCamera()
        for (photo, time) in [
            (Photo.biden, "2032-03-01T12:10:00"), (.biden, "2032-03-01T12:50:00"),
            (.personB1, "2032-03-01T12:59:59.999"),
            (.biden, "2032-03-01T15:00:00"), (.biden, "2032-04-02T00:00:00"), (.biden, "2033-01-01T00:00:00"),
        ] {
            try await emulator.pass(photo, camera: camera, at: time)
        }
        func rows(_ period: Any) async throws -> [(time: String, males: Int, females: Int)] {
            let reply = try await emulator.dialect.call(
                "GetAnalitycByTime",
                [
                    "server_id": "1", "dateTimeFrom": "2032-03-01T00:00:00", "dateTimeTo": "2033-12-31T00:00:00",
                    "cameraIds": [camera], "genders": [Int](), "timePeriod": period,
                ])
            #expect(reply.code == "SUCCESS")
            #expect((reply.json["Response"] as? [String: Any])?["Status"] as? String == "SUCCESS")
            return try reply.list("Rows").map { row in
                let ages = try #require(row["value"] as? [[String: Any]])
                #expect(ages.compactMap { $0["age"] as? Int } == ages.compactMap { $0["age"] as? Int }.sorted())
                for age in ages {
                    #expect(
                        Set(age.keys) == [
                            "age", "gender", "smile", "angry", "fear", "happiness", "neutral", "sadness", "surprise",
                        ])
                    #expect((age["smile"] as? [String: Int]) == ["males": 0, "females": 0, "unknown": 0])
                }
                let genders = ages.compactMap { $0["gender"] as? [String: Int] }
                return (
                    try #require(row["timestamp"] as? String), genders.reduce(0) { $0 + ($1["males"] ?? 0) },
                    genders.reduce(0) { $0 + ($1["females"] ?? 0) }
                )
            }
        }
        let hours = try await rows(0)
        #expect(hours.map(\.time).prefix(2) == ["2032-03-01T12:00:00.000", "2032-03-01T15:00:00.000"])
        #expect(hours.map(\.males) == [2, 1, 1, 1] && hours.map(\.females) == [1, 0, 0, 0])
        let days = try await rows("1")
        #expect(
            days.map(\.time) == ["2032-03-01T00:00:00.000", "2032-04-02T00:00:00.000", "2033-01-01T00:00:00.000"])
        #expect(days.map(\.males) == [3, 1, 1])
        #expect(
            try await rows(2).map(\.time) == [
                "2032-03-01T00:00:00.000", "2032-04-01T00:00:00.000", "2033-01-01T00:00:00.000",
            ])
        #expect(try await rows(3).map(\.time) == ["2032-01-01T00:00:00.000", "2033-01-01T00:00:00.000"])
        #expect(try await rows(9).count == 4)
        let empty = try await emulator.dialect.call("GetAnalitycByTime", ["cameraIds": [uniqueWord()], "genders": [1]])
        #expect(empty.list("Rows").isEmpty && empty.code == "SUCCESS")
    }

    @Test(.contract(.getAnalitycByTime, .documented))
    func `rows can be told in the server's local time`() async throws {
        let reply = try await EmulatorClient.shared().dialect.call(
            "GetAnalitycByTime", ["returnLocalTime": 1, "timePeriod": 1, "cameraIds": [String](), "genders": [Int]()])
        #expect(reply.code == "SUCCESS")
    }

    @Test(.contract(.findPasserBy, .documented))
    func `a face is found in the archive, most alike first`() async throws {
        let emulator = try await EmulatorClient.shared()
        let camera = try await emulator.addCamera()
        let same = try await emulator.pass(.personB1, camera: camera, at: "2032-05-01T12:00:00")
        let alike = try await emulator.pass(.personB2, camera: camera, at: "2032-05-01T12:01:00")
        try await emulator.pass(.biden, camera: camera, at: "2032-05-01T12:02:00")
        let reply = try await find(emulator, ["cameraIds": [camera]])
        #expect(reply.code == "SUCCESS")
        let data = try #require(reply.json["Data"] as? [String: Any])
        let rows = try #require(data["rows"] as? [[String: Any]])
        #expect(rows.compactMap { $0["id"] as? String } == same + alike)
        #expect(data["totalCount"] as? Int == 2)
        #expect(data["duration"] is Int)
        let row = rows[1]
        #expect(0.8...1 ~= (row["sim"] as? Double ?? 0))
        #expect(row["cameraID"] as? String == camera && row["cameraId"] as? String == camera)
        #expect(row["timestamp"] as? String == "2032-05-01T12:01:00.000")
        #expect(try await emulator.dialect.image(alike[0]).status == 200)
        func count(_ conditions: [String: Any]) async throws -> Int? {
            let all: [String: Any] = ["cameraIds": [camera]]
            let reply = try await find(emulator, all.merging(conditions) { _, new in new })
            return (reply.json["Data"] as? [String: Any])?["totalCount"] as? Int
        }
        #expect(try await count(["sim": 0]) == 3)
        #expect(try await count(["sim": 1.1]) == 0)
        #expect(try await count(["dateTimeFrom": "2032-05-01T12:00:30"]) == 1)
        #expect(try await count(["dateTimeTo": "2032-05-01T12:00:30"]) == 1)
        #expect(try await count(["dateTimeFrom": "2033-05-01T12:00:30"]) == 0)
    }

    @Test(.contract(.findPasserBy, .decided))
    func `a picture without a face finds nobody and says so`() async throws {
        let emulator = try await EmulatorClient.shared()
        for data in [
            ["image": try Pictures.plain().base64()], ["image": "no base64!"], ["sim": 0.5], ["image": ""],
            ["image": [UInt8]("text".utf8).base64()],
        ] as [[String: Any]] {
            let reply = try await emulator.dialect.call("FindPasserBy", ["server_id": "1", "data": data])
            #expect(reply.status == 200)
            #expect(reply.code == "FACE_NOT_FOUND")
            let result = try #require(reply.json["Data"] as? [String: Any])
            #expect((result["rows"] as? [Any])?.isEmpty == true && result["totalCount"] as? Int == 0)
        }
        for text in [#"{"server_id":"1"}"#, #"{"data":5}"#, #"{"data":[]}"#, "{}"] {
            #expect(try await emulator.dialect.call("FindPasserBy", text: text).code == "FACE_NOT_FOUND")
        }
    }

    @Test(
        .contract(.transport, .decided),
        arguments: ["GetProtocols", "GetAnalityc", "GetAnalitycByTime", "FindPasserBy"])
    func `the log's methods fail in their own shape`(method: String) async throws {
        let emulator = try await EmulatorClient.shared()
        let other = try await emulator.dialect.call(method, ["server_id": "7"])
        #expect(other.status == 200 && other.code == "SERVER_NOT_READY")
        let broken = try await emulator.dialect.call(method, text: "[1]")
        #expect(broken.status == 400)
        for reply in [other, broken] {
            switch method {
            case "GetProtocols":
                #expect(
                    (reply.json["Protocols"] as? [Any])?.isEmpty == true && reply.json["ProtocolsTotal"] as? Int == 0)
            case "GetAnalityc":
                #expect((reply.json["PassAndLikesList"] as? [Any])?.isEmpty == true)
                #expect(reply.json["Total"] as? Int == 0 && reply.json["Unknown"] as? Int == 0)
                #expect((reply.json["Response"] as? [String: Any])?["Status"] as? String == reply.code)
            case "GetAnalitycByTime": #expect((reply.json["Rows"] as? [Any])?.isEmpty == true)
            default: #expect((reply.json["Data"] as? [String: Any])?["totalCount"] as? Int == 0)
            }
        }
        let wrongVerb = try await emulator.server.client.request(.GET, "/firserver/\(method)")
        #expect(wrongVerb.status == 405 && wrongVerb.headers["Allow"] == ["POST"])
    }

    private func analityc(
        _ emulator: EmulatorClient, _ camera: String, _ conditions: [String: Any] = [:]
    ) async throws -> HTTPReply {
        let all: [String: Any] = ["server_id": "1", "cameraIds": [camera]]
        return try await emulator.dialect.call("GetAnalityc", all.merging(conditions) { _, new in new })
    }

    private func find(_ emulator: EmulatorClient, _ conditions: [String: Any]) async throws -> HTTPReply {
        let data: [String: Any] = ["image": try Photo.personB1.base64()]
        return try await emulator.dialect.call(
            "FindPasserBy", ["server_id": "1", "data": data.merging(conditions) { _, new in new }])
    }
}
