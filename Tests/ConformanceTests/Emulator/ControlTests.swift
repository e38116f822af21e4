import Foundation
import TestKit
import Testing

/// Settings, clock, ids, reset, seed and copies of the database.
@Suite(.serialized)
struct ControlTests {
    private static let server = Task { try await RunningServer(arguments: ["--emulator"]) }

    private func fresh() async throws -> EmulatorClient {
        let emulator = EmulatorClient(server: try await Self.server.value)
        #expect(try await emulator.call(.POST, "reset").status == 204)
        return emulator
    }

    @Test func `every call is listed with an example that works`() async throws {
        let emulator = try await fresh()
        let endpoints = try await emulator.call(.GET, "").list("endpoints")
        #expect(endpoints.count > 25)
        for endpoint in endpoints {
            let path = try #require(endpoint["path"] as? String)
            let verb = try #require(endpoint["verb"] as? String)
            #expect((endpoint["purpose"] as? String)?.isEmpty == false)
            let example = try #require(endpoint["example"] as? String)
            if example.hasPrefix("{") {
                #expect((try? JSONSerialization.jsonObject(with: Data(example.utf8))) != nil, "\(example)")
            } else if verb == "GET" {
                #expect(try await emulator.server.client.request(.GET, path + example).status == 200)
            }
        }
    }

    @Test func `settings have the product's defaults, can be changed and survive a restart`() async throws {
        let server = try await RunningServer(arguments: ["--emulator", "--recognition-similarity-level", "0.6"])
        let emulator = EmulatorClient(server: server)
        let defaults = try await emulator.call(.GET, "settings").json
        #expect(defaults["retentionDays"] as? Int == 30 && defaults["selectsBestFrame"] as? Bool == true)
        #expect(defaults["similarityLevel"] as? Double == 0.6 && defaults["similarFaces"] as? Int == 5)
        #expect(defaults["minimumRecognitionQuality"] as? Double == 0.6)
        #expect(defaults["minimumEnrolmentQuality"] as? Double == 0.8)
        #expect(defaults["addsUnrecognised"] as? Bool == false && defaults["faceLostAge"] as? Int == 1000)
        let changed = try await emulator.call(
            .PATCH, "settings", ["retentionDays": 9999, "similarityLevel": 1, "unrecognisedDepartment": "Ü"])
        #expect(changed.status == 200 && changed.json["retentionDays"] as? Int == 9999)
        #expect(await server.stop(keepingData: true) == 0)
        let second = try await RunningServer(arguments: ["--emulator"], after: server)
        let kept = try await EmulatorClient(server: second).call(.GET, "settings").json
        #expect(kept["retentionDays"] as? Int == 9999 && kept["similarityLevel"] as? Int == 1)
        #expect(kept["unrecognisedDepartment"] as? String == "Ü" && kept["similarFaces"] as? Int == 5)
        #expect(await second.stop() == 0)
    }

    @Test(arguments: [
        #"{"retentionDays":0}"#, #"{"retentionDays":10000}"#, #"{"retentionDays":"many"}"#, #"{"retentionDays":1.5}"#,
        #"{"similarityLevel":1.1}"#, #"{"similarityLevel":-1}"#, #"{"similarFaces":21}"#, #"{"similarFaces":0}"#,
        #"{"selectsBestFrame":1}"#, #"{"unrecognisedDepartment":5}"#, #"{"nothing":1}"#, #"{"retentionDays":[1]}"#,
        #"{"similarFaces":3,"retentionDays":0}"#, "[]",
    ])
    func `a bad setting changes nothing`(body: String) async throws {
        let emulator = try await fresh()
        let before = try await emulator.call(.GET, "settings").text
        let reply = try await emulator.server.client.request(.PATCH, "/emulator/settings", body: Array(body.utf8))
        #expect(reply.status == 400, "\(reply.text)")
        #expect(try await emulator.call(.GET, "settings").text == before)
    }

    @Test func `two who change settings at the same time both get their way`() async throws {
        let emulator = try await fresh()
        for number in 1...10 {
            async let one = emulator.call(.PATCH, "settings", ["retentionDays": number])
            async let other = emulator.call(.PATCH, "settings", ["similarFaces": number])
            #expect(try await [one.status, other.status] == [200, 200])
            let settings = try await emulator.call(.GET, "settings").json
            #expect(settings["retentionDays"] as? Int == number && settings["similarFaces"] as? Int == number)
        }
    }

    @Test func `a frame that is under way during a reset leaves nothing behind`() async throws {
        let emulator = try await fresh()
        _ = try await emulator.call(.PATCH, "settings", ["addsUnrecognised": true])
        for _ in 0..<5 {
            let camera = try await emulator.addCamera()
            async let frame = emulator.frame(try Photo.biden.bytes() + [UInt8.random(in: 0...255)], camera: camera)
            try await Task.sleep(for: .milliseconds(.random(in: 0...60)))
            #expect(try await emulator.call(.POST, "reset", ["dialect": "face-intellect"]).status == 204)
            #expect([200, 404].contains(try await frame.status))
            let persons = try await emulator.dialect.call("ReadPersons", [:]).json["Total"] as? Int
            let rows = try await emulator.protocols([:]).count
            #expect(persons == 0 && rows == 0)
        }
    }

    @Test func `the clock stops, shifts and advances`() async throws {
        let emulator = try await fresh()
        func now() async throws -> String { try await emulator.call(.GET, "clock").json["now"] as? String ?? "" }
        _ = try await emulator.call(.PUT, "clock", ["mode": "fixed", "time": "2034-03-06T12:00:00.250"])
        #expect(try await now() == "2034-03-06T12:00:00.250")
        let id = try await emulator.dialect.create(photo: .biden)
        #expect(try await emulator.dialect.person(id)?["Timestamp"] as? String == "2034-03-06T12:00:00.250")
        _ = try await emulator.call(.POST, "clock/advance", ["seconds": 3600.5])
        #expect(try await now() == "2034-03-06T13:00:00.750")
        let camera = try await emulator.addCamera()
        try await emulator.pass(.biden, camera: camera)
        #expect(try await emulator.protocols([:]).first?["timestamp"] as? String == "2034-03-06T13:00:00.750")
        _ = try await emulator.call(.PUT, "clock", ["mode": "offset", "seconds": -86400])
        let yesterday = try await now()
        #expect(yesterday < Date.now.formatted(.iso8601))
        _ = try await emulator.call(.PUT, "clock", ["mode": "system"])
        #expect(try await now() > yesterday)
        for body in [
            ["mode": "fixed"], ["mode": "fixed", "time": "noon"], ["mode": "offset"],
            ["mode": "offset", "seconds": 1e12],
            ["mode": "sundial"], [:],
        ] as [[String: Any]] {
            #expect(try await emulator.call(.PUT, "clock", body).status == 400)
        }
        #expect(try await emulator.call(.POST, "clock/advance", ["seconds": "x"]).status == 400)
    }

    @Test func `ids repeat after a seed`() async throws {
        let emulator = try await fresh()
        func ids() async throws -> [String?] {
            #expect(try await emulator.call(.POST, "reset").status == 204)
            #expect(try await emulator.call(.PUT, "ids", ["seed": 42]).status == 204)
            let person = try await emulator.dialect.create(photo: .biden)
            let camera = try await emulator.addCamera()
            let pass = try await emulator.pass(.biden, camera: camera)
            return [person, try await emulator.dialect.person(person)?["ImageId"] as? String, pass.first]
        }
        let first = try await ids()
        let second = try await ids()
        #expect(second == first)
        #expect(Set(first).count == 3)
        #expect(try await emulator.call(.DELETE, "ids").status == 204)
        let random = try await emulator.dialect.create(photo: .biden)
        #expect(random != first[0])
        #expect(try await emulator.call(.PUT, "ids", ["seed": "x"]).status == 400)
    }

    @Test func `reset puts everything back`() async throws {
        let emulator = try await fresh()
        let id = try await emulator.dialect.create(["createPersonInIntellect": 1], photo: .biden)
        let image = try #require(try await emulator.dialect.person(id)?["ImageId"] as? String)
        let camera = try await emulator.addCamera()
        let pass = try await emulator.pass(.biden, camera: camera)
        _ = try await emulator.call(.PATCH, "settings", ["similarFaces": 1])
        _ = try await emulator.call(.PUT, "clock", ["mode": "fixed", "time": "2034-03-06T12:00:00"])
        _ = try await emulator.call(.POST, "scripts", ["result": "no-face"])
        #expect(try await emulator.call(.POST, "reset").status == 204)
        #expect(try await emulator.dialect.call("ReadPersons", [:]).json["Total"] as? Int == 0)
        #expect(try await emulator.protocols([:]).isEmpty)
        for picture in [image, pass[0]] { #expect(try await emulator.dialect.image(picture).status == 404) }
        #expect(try await emulator.call(.GET, "cameras").list("cameras").isEmpty)
        #expect(try await emulator.call(.GET, "settings").json["similarFaces"] as? Int == 5)
        #expect(try await emulator.call(.GET, "clock").json["mode"] as? String == "system")
        let search = try await emulator.dialect.call("FindFaces", ["image": try Photo.biden.base64()])
        #expect((search.list("FaceList").first?["PersonList"] as? [Any])?.isEmpty == true)
        // Numbers of platform users begin again.
        let again = try await emulator.dialect.create(["createPersonInIntellect": 1], photo: .biden)
        #expect(try await emulator.dialect.person(again)?["PersonId"] as? Int == 1)
    }

    @Test func `reset of a dialect leaves settings and clock alone`() async throws {
        let emulator = try await fresh()
        _ = try await emulator.dialect.create(photo: .biden)
        let camera = try await emulator.addCamera()
        try await emulator.pass(.biden, camera: camera)
        _ = try await emulator.call(.PATCH, "settings", ["similarFaces": 1])
        #expect(try await emulator.call(.POST, "reset", ["dialect": "telnet"]).status == 400)
        #expect(try await emulator.call(.POST, "reset", ["dialect": "face-intellect"]).status == 204)
        #expect(try await emulator.dialect.call("ReadPersons", [:]).json["Total"] as? Int == 0)
        #expect(try await emulator.protocols([:]).isEmpty)
        #expect(try await emulator.call(.GET, "cameras").list("cameras").isEmpty)
        #expect(try await emulator.call(.GET, "settings").json["similarFaces"] as? Int == 1)
    }

    @Test func `people are seeded as given or as configured`() async throws {
        let emulator = try await fresh()
        #expect(try await emulator.call(.POST, "seed").status == 409)
        let id = UUID().uuidString
        let reply = try await emulator.call(
            .POST, "seed",
            [
                "people": [
                    ["id": id, "surname": "Rojas", "name": "Ana", "image": try Photo.personB1.base64()],
                    ["surname": "Nobody", "image": try Pictures.plain().base64()], ["name": "x"], ["surname": "y"],
                    ["surname": "z", "id": "5x", "image": "QUJD"],
                ] as [[String: Any]]
            ])
        #expect(reply.status == 200 && reply.json["added"] as? Int == 1)
        #expect((reply.json["refused"] as? [String])?.first == "1: no face was found")
        #expect((reply.json["refused"] as? [String])?.count == 4)
        #expect(try await emulator.dialect.person(id)?["Name"] as? String == "Ana")
        #expect(try await emulator.call(.POST, "seed", ["people": 5]).status == 400)
        let fixtures = Checkout.root.appending(path: "fixtures/people.json").path
        try await EmulatorClient.with(["--seed-manifest", fixtures, "--seed-photos", Checkout.photos.path]) {
            emulator in
            let reset = try await emulator.call(.POST, "reset")
            #expect(reset.status == 204)
            #expect(try await emulator.call(.POST, "seed").json["added"] as? Int == 5)
            #expect(try await emulator.dialect.call("ReadPersons", [:]).json["Total"] as? Int == 5)
        }
    }

    @Test func `a copy brings back everything, more than once`() async throws {
        let emulator = try await fresh()
        let id = try await emulator.dialect.create(["createPersonInIntellect": 1], photo: .biden)
        let camera = try await emulator.addCamera("Gate")
        let pass = try await emulator.pass(.biden, camera: camera)
        #expect(try await emulator.call(.PUT, "snapshots/before").status == 204)
        #expect(try await emulator.call(.GET, "snapshots").json["snapshots"] as? [String] == ["before"])
        for _ in 0..<2 {
            #expect(try await emulator.call(.POST, "reset").status == 204)
            _ = try await emulator.dialect.create(photo: .personB1)
            #expect(try await emulator.call(.POST, "snapshots/before/restore").status == 204)
            let rows = try await emulator.dialect.call("ReadPersons", ["pageSize": 10]).list("PersonList")
            #expect(rows.map { $0["Id"] as? String } == [id])
            #expect(rows.first?["PersonId"] as? Int == 1)
            #expect(try await emulator.protocols([:]).map { $0["id"] as? String } == pass)
            #expect(try await emulator.dialect.image(pass[0]).status == 200)
            let search = try await emulator.dialect.call("FindFaces", ["image": try Photo.biden.base64()])
            let best = (search.list("FaceList").first?["PersonList"] as? [[String: Any]])?.first
            #expect(best?["Id"] as? String == id)
            // What is added afterwards gets numbers of its own.
            let next = try await emulator.dialect.create(["createPersonInIntellect": 1], photo: .personB1)
            #expect(try await emulator.dialect.person(next)?["PersonId"] as? Int == 2)
        }
        #expect(try await emulator.call(.DELETE, "snapshots/before").status == 204)
        for (verb, path) in [("POST", "snapshots/before/restore"), ("DELETE", "snapshots/before")] {
            #expect(try await emulator.server.client.request(.init(rawValue: verb), "/emulator/\(path)").status == 404)
        }
        for name in ["a%20b", "%22;drop", String(repeating: "x", count: 41), "%C3%BC"] {
            #expect(try await emulator.call(.PUT, "snapshots/\(name)").status == 400)
        }
    }
}
