import Foundation
import NIOHTTP1
import TestKit
import Testing

/// What clients of Web Server 2.0 ask beside the face calls.
struct PlatformTests {
    @Test(.contract(.platform, .observed))
    func `persons are listed with every value as text`() async throws {
        let emulator = try await EmulatorClient.shared()
        let word = uniqueWord()
        let user = try await emulator.dialect.create(
            ["surname": word, "name": "Ana", "department": "D 1", "createPersonInIntellect": 1], photo: .personB1)
        let digits = String(UInt32.random(in: 1...4_000_000_000))
        _ = try await emulator.dialect.create(["id": digits, "surname": "other", "comment": word], photo: .biden)
        let all = try await persons(emulator, "search=\(word.lowercased())")
        #expect(all.count == 2)
        let row = all[1]
        #expect(
            Set(row.keys) == [
                "id", "guid", "tabnum", "surname", "name", "patronymic", "img", "department", "comment",
            ])
        #expect(row.values.allSatisfy { $0 is String })
        let number = try #require(try await emulator.dialect.person(user)?["PersonId"] as? Int)
        #expect(row["id"] as? String == String(number))
        #expect(row["guid"] as? String == "{\(user)}")
        #expect(row["img"] as? String == (try Photo.personB1.base64()))
        #expect(all[0]["tabnum"] as? String == digits)
        #expect(
            try await persons(emulator, "search=\(word)&count=1&page=2").map { $0["guid"] as? String } == ["{\(user)}"])
        #expect(try await persons(emulator, "search=\(word)&count=1&page=3").isEmpty)
        #expect(try await persons(emulator, "surname=\(word)").count == 1)
        #expect(try await persons(emulator, "surname=\(word.prefix(8))").isEmpty)
        #expect(try await persons(emulator, "comment=\(word)").count == 1)
        #expect(try await persons(emulator, "search=\(word)&count=abc&page=-1").count == 2)
        #expect(try await persons(emulator, "search=%FF").isEmpty)
        for path in ["persons?search=%00", "persons?name=%00", "events?action=%00"] {
            #expect(try await get(emulator, "/web2/secure/\(path)").status == 400)
        }
    }

    @Test(.contract(.platform, .observed))
    func `the configuration names the face server and its cameras`() async throws {
        let emulator = try await EmulatorClient.shared()
        let camera = try await emulator.addCamera("Gate 7")
        let objects = try await list(emulator, "/web2/secure/configuration?pageItems=100000")
        let server = try #require(objects.first)
        #expect(server["type"] as? String == "FIRSERVER" && server["id"] as? String == "FIRSERVER:1")
        #expect(server["extId"] as? String == "1" && server["name"] is String)
        #expect((server["cams"] as? String)?.contains("\(camera);") == true)
        let state = try #require(server["state"] as? [String: Any])
        #expect(state["id"] as? String == "normal" && state["type"] as? String == "NORMAL")
        #expect(state["fullState"] is NSNull)
        #expect(objects.contains { $0["id"] as? String == "CAM:\(camera)" && $0["name"] as? String == "Gate 7" })
        #expect(try await list(emulator, "/web2/secure/configuration?pageItems=1").count == 1)
        let one = try await get(emulator, "/web2/secure/configuration/FIRSERVER:1/")
        #expect(one.json["extId"] as? String == "1")
        #expect(
            try await get(emulator, "/web2/secure/configuration/FIRSERVER:1/state/").json["id"] as? String == "normal")
        #expect(try await get(emulator, "/web2/secure/configuration/GRABBER:1/").status == 404)
        #expect(try await emulator.server.client.post("/web2/secure/configuration", "{}").status == 405)
    }

    @Test(.contract(.platform, .observed))
    func `events are kept for the query call`() async throws {
        try await EmulatorClient.with { emulator in
            let person = try await emulator.dialect.create(["surname": "Rojas", "name": "Ana"], photo: .personB1)
            _ = try await emulator.call(.POST, "cameras", ["id": "5", "name": "Gate 2"])
            let known = try await emulator.pass(.personB2, camera: "5", at: "2031-01-01T12:00:00")
            try await emulator.pass(.biden, camera: "5", at: "2031-01-01T12:01:00")
            let events = try await list(emulator, "/web2/secure/events?count=10")
            #expect(events.map { $0["action"] as? String } == ["PERSON_NOT_FOUND", "FIND_PERSON"])
            let found = try #require(events.last)
            for key in [
                "id", "objectId", "ts", "description", "camId", "addInfo", "type", "action", "params0", "params1",
                "params2", "params3",
            ] {
                #expect(found[key] is String)
            }
            #expect((found["id"] as? String)?.wholeMatch(of: /\{[0-9A-F-]{36}\}/) != nil)
            #expect(
                (found["ts"] as? String)?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d/) != nil)
            #expect(found["camId"] as? String == "5" && found["objectId"] as? String == "FIRSERVER:1")
            #expect(found["params0"] as? String == "Rojas Ana" && found["params3"] as? String == person)
            #expect(found["params2"] as? String == known[0])
            func count(_ query: String) async throws -> Int {
                try await list(emulator, "/web2/secure/events?\(query)").count
            }
            #expect(try await count("count=1") == 1)
            #expect(try await count("action=find_person") == 1)
            #expect(try await count("from=2031-01-01T12:00:30") == 1)
            #expect(try await count("to=2031-01-01T12:00:30") == 1)
            #expect(try await count("to=2031-01-01T14:00:30.000%2B02:00") == 1)
            #expect(try await count("from=nonsense") == 0)
            #expect(try await count("objectId=FIRSERVER:1") == 2)
            #expect(try await count("objectId=CAM:5&count=1") == 1)
            #expect(try await count("objectId=CAM:6") == 0)
            #expect(try await count("objectId=GRABBER:1") == 0)
            #expect(try await count("count=abc") == 2)
        }
    }

    @Test(.contract(.platform, .decided))
    func `access events follow where they are switched on`() async throws {
        try await EmulatorClient.with { emulator in
            _ = try await emulator.dialect.create(photo: .personB1)
            let camera = try await emulator.addCamera()
            _ = try await emulator.call(.PATCH, "settings", ["raisesAccessEvents": true])
            try await emulator.pass(.personB2, camera: camera, at: "2031-01-01T12:00:00")
            try await emulator.pass(.biden, camera: camera, at: "2031-01-01T12:01:00")
            let names = try await list(emulator, "/web2/secure/events").compactMap { $0["action"] as? String }
            #expect(names == ["IDENTIFY_DECLINE", "PERSON_NOT_FOUND", "IDENTIFY_ACCEPT", "FIND_PERSON"])
        }
    }

    @Test(.contract(.platform, .observed))
    func `events are delivered live as text frames`() async throws {
        try await EmulatorClient.with { emulator in
            _ = try await emulator.dialect.create(["surname": "Rojas"], photo: .personB1)
            let camera = try await emulator.addCamera()
            let answer = try await WebSocketClient.connect(port: emulator.server.port, path: "/web2/secure/ws/events")
            guard case .connected(let socket) = answer else {
                Issue.record("the upgrade was refused: \(answer)")
                return
            }
            try await emulator.pass(.personB2, camera: camera, at: "2031-01-01T12:00:00")
            try await emulator.pass(.biden, camera: camera, at: "2031-01-01T12:01:00")
            var events: [[String: Any]] = []
            for _ in 0..<2 {
                let text = try await socket.next()
                events.append(try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]))
            }
            #expect(events.map { $0["action"] as? String } == ["FIND_PERSON", "PERSON_NOT_FOUND"])
            #expect(events[0]["params0"] as? String == "Rojas")
            // What was delivered is what the query call keeps.
            let kept = try await list(emulator, "/web2/secure/events")
            #expect(kept.map { $0["id"] as? String } == events.reversed().map { $0["id"] as? String })
            try await socket.close()
            let plain = try await get(emulator, "/web2/secure/ws/events")
            #expect(plain.status == 426)
        }
    }

    @Test(.contract(.platform, .decided))
    func `live events ask for credentials where authentication is on`() async throws {
        let server = try await RunningServer(arguments: [
            "--face-intellect-authentication", "true", "--face-intellect-users", "1:1",
        ])
        func connect(_ headers: HTTPHeaders) async throws -> WebSocketClient.Answer {
            try await WebSocketClient.connect(port: server.port, path: "/web2/secure/ws/events", headers: headers)
        }
        guard case .refused(let reply) = try await connect([:]) else {
            Issue.record("nobody was asked for credentials")
            return
        }
        #expect(reply.status == 401 && reply.headers["WWW-Authenticate"] == [#"Basic realm="firserver""#])
        guard case .connected(let socket) = try await connect(["Authorization": "Basic MTox"]) else {
            Issue.record("the right password was refused")
            return
        }
        try await socket.close()
        #expect(await server.stop() == 0)
    }

    private func get(_ emulator: EmulatorClient, _ path: String) async throws -> HTTPReply {
        try await emulator.server.client.request(.GET, path)
    }

    private func list(_ emulator: EmulatorClient, _ path: String) async throws -> [[String: Any]] {
        let reply = try await get(emulator, path)
        #expect(reply.status == 200, "\(reply.text)")
        return try #require(try JSONSerialization.jsonObject(with: Data(reply.body)) as? [[String: Any]])
    }

    private func persons(_ emulator: EmulatorClient, _ query: String) async throws -> [[String: Any]] {
        try await list(emulator, "/web2/secure/persons?\(query)").compactMap { $0["person"] as? [String: Any] }
    }
}
