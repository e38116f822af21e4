import Foundation
import NIOHTTP1
import TestKit
import Testing

/// Numbers that no client means, in every place of every dialect: none of them may break an answer or end the server.
struct HostileNumberTests {
    private struct Failure: Sendable {
        let request: String
        let outcome: String
    }

    /// So many requests are under way at a time.
    private static let workers = 4

    /// Sends every value to every place.
    private static func failures(of calls: [HostileCall], on server: RunningServer) async throws -> [Failure] {
        let photo = try Photo.personA1.bytes()
        return await failures(
            of: calls.flatMap { call in
                call.numbers.flatMap { place in
                    HostileValues.values(at: place).map { call.request($0, at: place, photo: photo) }
                }
            }
        ) { try await $0.send(to: server) }
    }

    private static func failures<Request: Sendable & CustomStringConvertible>(
        of requests: [Request], _ send: @escaping @Sendable (Request) async throws -> HTTPReply
    ) async -> [Failure] {
        await withTaskGroup(of: [Failure].self) { group in
            for worker in 0..<workers {
                let part = stride(from: worker, to: requests.count, by: workers).map { requests[$0] }
                group.addTask { await failures(inTurn: part, send) }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    private static func failures<Request: Sendable & CustomStringConvertible>(
        inTurn requests: [Request], _ send: @Sendable (Request) async throws -> HTTPReply
    ) async -> [Failure] {
        var failures: [Failure] = []
        for request in requests {
            do {
                let reply = try await send(request)
                guard reply.status >= 500 else { continue }
                failures.append(Failure(request: "\(request)", outcome: "\(reply.status) \(reply.text.prefix(200))"))
            } catch {
                // One is enough: behind it there is no server any more.
                return failures + [Failure(request: "\(request)", outcome: "\(error)")]
            }
        }
        return failures
    }

    @Test func `no number of a client breaks an answer or ends the server`() async throws {
        let server = try await AllDialects.start()
        let emulator = EmulatorClient(server: server)
        #expect(try await emulator.call(.POST, "cameras", ["id": "1", "name": "Gate"]).status == 201)
        let openCV = OpenCVClient(server: server)
        #expect(try await openCV.frServer.call(.POST, "collection", ["name": "hostile"]).status == 200)
        let known = try await emulator.dialect.create(["surname": "Known"], photo: .biden)
        let tables = [
            HostileCalls.faceIntellect, HostileCalls.webServer, HostileCalls.enface("/enface/v1"),
            HostileCalls.enface("/neurovision/v1"), HostileCalls.openCV, HostileCalls.emulator,
        ]
        for table in tables {
            let failures = try await Self.failures(of: table, on: server)
            for failure in failures.prefix(10) { Issue.record("\(failure.request): \(failure.outcome)") }
            try #require(failures.isEmpty, "\(failures.count) answers are broken")
        }
        let paths = HostileCalls.paths.flatMap { verb, path in HostileValues.all.map { HostilePath(verb, path, $0) } }
        for failure in await Self.failures(of: paths, { try await $0.send(to: server) }).prefix(10) {
            Issue.record("\(failure.request): \(failure.outcome)")
        }
        try await Self.putBack(emulator)
        try await Self.expectCorrectAnswers(of: server, known: known)
        #expect(await server.stop() == 0)
    }

    /// Takes back what the emulator was told to do.
    private static func putBack(_ emulator: EmulatorClient) async throws {
        for path in ["scripts", "faults", "ids"] {
            #expect(try await emulator.call(.DELETE, path).status == 204)
        }
        #expect(try await emulator.call(.PUT, "clock", ["mode": "system"]).status == 200)
        let settings: [String: Any] = [
            "similarityLevel": 0.5, "similarFaces": 5, "minimumRecognitionQuality": 0.6, "minimumPhotoQuality": 0,
        ]
        #expect(try await emulator.call(.PATCH, "settings", settings).status == 200)
    }

    /// Every dialect still finds the person that was there before.
    private static func expectCorrectAnswers(of server: RunningServer, known: String) async throws {
        let photo = try Photo.biden.base64()
        let found = try await FaceIntellectClient(server: server).call("FindFaces", ["image": photo])
        let best = try #require(found.list("FaceList").first?["PersonList"] as? [[String: Any]]).first
        #expect(best?["Id"] as? String == known)
        #expect(try await OpenCVClient(server: server).search(.biden).contains(known.lowercased()))
        for base in ["/enface/v1", "/neurovision/v1"] {
            let enface = EnfaceClient(server: server, base: base, token: AllDialects.token)
            let person = try await enface.post("person", ["person_id": known.lowercased()])
            #expect(person.status == 200 && (person.json["fields"] as? [String])?.contains("Known") == true)
        }
        let frame = try await EmulatorClient(server: server).frame(Photo.biden.bytes(), camera: "1")
        let hits = try #require(frame.json["faces"] as? [[String: Any]]).first?["hits"] as? [[String: Any]]
        #expect(hits?.first?["person"] as? String == known)
    }

    @Test(.contract(.neuroVision, .decided)) func `a head turns by half a circle at most`() async throws {
        let server = try await AllDialects.start()
        let client = EnfaceClient(server: server, base: "/neurovision/v1", token: AllDialects.token)
        let vector = [String](repeating: "0.1", count: 128).joined(separator: ",")
        for pose in ["180", "-180"] {
            let reply = try await client.form(
                "person/create",
                [.text("embedding", vector), .text("pitch", pose), .text("new_person_threshold", "no_match")])
            #expect(reply.status < 300, "\(reply.text)")
        }
        for pose in ["180.5", "1e30", "-1e308"] {
            let reply = try await client.form("person/create", [.text("embedding", vector), .text("pitch", pose)])
            #expect(reply.isError(400, "invalid schema"), "\(reply.text)")
        }
        #expect(await server.stop() == 0)
    }

    @Test func `the clock goes as far as a calendar does, and ids and answers with it`() async throws {
        let server = try await AllDialects.start()
        let emulator = EmulatorClient(server: server)
        let enface = EnfaceClient(server: server, base: "/enface/v1", token: AllDialects.token)
        for (direction, last) in [(1.0, "9999-12-31T23:59:59.999"), (-1.0, "0001-01-01T00:00:00.000")] {
            for mode in [["mode": "fixed", "time": "2024-01-01T00:00:00"], ["mode": "system"]] {
                #expect(try await emulator.call(.PUT, "clock", mode).status == 200)
                for _ in 0..<70 {
                    let moved = try await emulator.call(.POST, "clock/advance", ["seconds": direction * 31_536_000_000])
                    #expect(moved.status == 200)
                }
                #expect(try await emulator.call(.GET, "clock").json["now"] as? String == last)
                let group = try await enface.post("source/group/create", ["name": uniqueWord()])
                #expect(group.status == 201, "\(group.text)")
            }
        }
        #expect(await server.stop() == 0)
    }

    @Test(arguments: [
        "-1", "+5", "1e3", "0x10", "9223372036854775807", "9223372036854775808", "18446744073709551616",
        "99999999999999999999999", "", " ", "5, 5", "5,6",
    ])
    func `a length of a body that is none is refused`(length: String) async throws {
        let server = try await RunningServer.shared()
        let raw = try await RawConnection.connect(port: server.port)
        try await raw.send(
            "POST /firserver/ReadPersons HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n{}")
        #expect(try await raw.waits(for: "\r\n\r\n"))
        #expect(raw.received.hasPrefix("HTTP/1.1 4"), "\(raw.received)")
        #expect(try await server.client.request(.GET, "/readyz").status == 200)
    }
}

/// A request with a value in its path.
private struct HostilePath: Sendable, CustomStringConvertible {
    let verb: String
    let path: String

    init(_ verb: String, _ path: String, _ json: String) {
        self.verb = verb
        // A path has its limits before any of ours; what is too long is refused by the parser.
        let text = json.prefix(1000).trimmingCharacters(in: ["\""])
        let value = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        self.path = path.replacing("{n}", with: value)
    }

    var description: String { "\(verb) \(path.prefix(200))" }

    func send(to server: RunningServer) async throws -> HTTPReply {
        try await server.client.request(
            HTTPMethod(rawValue: verb), path, headers: ["token": AllDialects.token, "x-api-key": AllDialects.key])
    }
}
