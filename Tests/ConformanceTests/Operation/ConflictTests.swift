import Foundation
import NIOHTTP1
import TestKit
import Testing

/// What happens when several clients do the same at once, or take away what another one needs: each of them gets an
/// answer that says so, and nobody is told that the database cannot be reached.
struct ConflictTests {
    /// The statuses of the same call made several times at once, in ascending order.
    private static func statuses(
        _ count: Int, _ call: @escaping @Sendable (Int) async throws -> HTTPReply
    ) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<count { group.addTask { try await call(number).status } }
            return try await group.reduce(into: []) { $0.append($1) }.sorted()
        }
    }

    private static func with(_ body: (RunningServer) async throws -> Void) async throws {
        let server = try await AllDialects.start()
        let result: Result<Void, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        #expect(await server.stop() == 0)
        try result.get()
    }

    private static func enface(_ server: RunningServer, _ base: String = "/enface/v1") -> EnfaceClient {
        EnfaceClient(server: server, base: base, token: AllDialects.token)
    }

    @Test func `of many who do the same at once one succeeds`() async throws {
        try await Self.with { server in
            let emulator = EmulatorClient(server: server)
            let (cloud, enface) = (OpenCVClient(server: server), Self.enface(server))
            for round in 0..<3 {
                #expect(try await emulator.call(.PUT, "snapshots/a").status == 204)
                let deleted = try await Self.statuses(8) { _ in try await emulator.call(.DELETE, "snapshots/a") }
                #expect(deleted == [204] + [Int](repeating: 404, count: 7))
                let cameras = try await Self.statuses(8) { _ in
                    try await emulator.call(.POST, "cameras", ["id": "same \(round)"])
                }
                #expect(cameras == [201] + [Int](repeating: 409, count: 7))
                let collections = try await Self.statuses(8) { _ in
                    try await cloud.call(.POST, "collection", ["name": "same \(round)"])
                }
                #expect(collections == [201] + [Int](repeating: 409, count: 7))
                let named = try await Self.statuses(8) { _ in
                    try await cloud.frServer.call(.POST, "collection", ["name": "same-\(round)"])
                }
                #expect(named == [200] + [Int](repeating: 409, count: 7))
                for path in ["person/list/create", "source/group/create"] {
                    let made = try await Self.statuses(8) { _ in try await enface.post(path, ["name": "same \(round)"])
                    }
                    #expect(made == [201] + [Int](repeating: 400, count: 7), "\(path)")
                }
            }
        }
    }

    @Test func `copies of the database are made, put back and forgotten side by side`() async throws {
        try await Self.with { server in
            let emulator = EmulatorClient(server: server)
            _ = try await emulator.dialect.create()
            let statuses = try await Self.statuses(40) { number in
                switch number % 5 {
                case 0: try await emulator.call(.PUT, "snapshots/a")
                case 1: try await emulator.call(.DELETE, "snapshots/a")
                case 2: try await emulator.call(.POST, "snapshots/a/restore")
                case 3: try await OpenCVClient(server: server).call(.GET, "persons")
                default: try await emulator.dialect.call("ReadPersons", [:])
                }
            }
            #expect(Set(statuses).isSubset(of: [200, 204, 404]), "\(statuses)")
        }
    }

    @Test func `a source of a group that is being deleted is made or is not`() async throws {
        try await Self.with { server in
            let client = Self.enface(server, "/neurovision/v1")
            for _ in 0..<15 {
                let made = try await client.post("source/group/create", ["name": uniqueWord()])
                let group = try #require(made.json["group_id"] as? String)
                let statuses = try await Self.statuses(8) { number in
                    number == 4
                        ? try await client.post("source/group/delete", ["group_id": group])
                        : try await client.post("source/create", ["group_id": group, "name": "s"])
                }
                #expect(Set(statuses).isSubset(of: [200, 404]), "\(statuses)")
            }
        }
    }

    @Test func `a list that is being deleted takes nobody in`() async throws {
        try await Self.with { server in
            let client = Self.enface(server, "/neurovision/v1")
            let vector = [String](repeating: "0.1", count: 128).joined(separator: ",")
            for _ in 0..<10 {
                let made = try await client.post("person/list/create", ["name": uniqueWord()])
                let list = try #require(made.json["list_id"] as? String)
                let added = try await client.form("person/fusion", [.text("embeddings", vector)])
                let person = try #require(added.json["person_id"] as? String)
                let statuses = try await Self.statuses(6) { number in
                    switch number {
                    case 2: try await client.post("person/list/delete", ["list_id": list])
                    case 3: try await client.post("person/update", ["person_id": person, "new_list_id": list])
                    default:
                        try await client.form("person/fusion", [.text("embeddings", vector), .text("list_id", list)])
                    }
                }
                #expect(Set(statuses).isSubset(of: [200, 400, 404]), "\(statuses)")
            }
        }
    }

    @Test func `an id that is taken is told as taken`() async throws {
        try await Self.with { server in
            let emulator = EmulatorClient(server: server)
            let cloud = OpenCVClient(server: server)
            func seed() async throws { #expect(try await emulator.call(.PUT, "ids", ["seed": 7]).status == 204) }
            try await seed()
            #expect(try await cloud.call(.POST, "collection", ["name": "one"]).status == 201)
            try await seed()
            #expect(try await cloud.call(.POST, "collection", ["name": "two"]).isFailure(409, "ERR_DUPLICATE_ENTITY"))
            try await seed()
            #expect(try await cloud.frServer.call(.POST, "collection", ["name": "one"]).status == 200)
            try await seed()
            let taken = try await cloud.frServer.call(.POST, "collection", ["name": "two"])
            #expect(taken.isFailure(409, "ERR_ALREADY_EXISTS"))
            #expect(try await emulator.call(.POST, "cameras", ["id": "1"]).status == 201)
            for (hour, status) in [("08", 200), ("09", 409)] {
                try await seed()
                let frame = try await emulator.frame(Photo.biden.bytes(), camera: "1", at: "2024-01-01T\(hour):00:00")
                #expect(frame.status == status, "\(frame.text)")
            }
            #expect(try await emulator.call(.DELETE, "ids").status == 204)

            // The id of somebody in another gallery.
            let enface = Self.enface(server)
            let other = try await enface.enrol(.obama, into: enface.makeList())
            let id = try #require(other["person_id"] as? String)
            let photo = try Photo.biden.base64()
            let created = try await emulator.dialect.call(
                "CreatePerson", ["id": id, "surname": "S", "department": "", "image": photo])
            #expect(created.status == 200 && created.code == "FAILED_TO_ADD_PERSON", "\(created.text)")
            let seeded = try await emulator.call(
                .POST, "seed", ["people": [["id": id, "surname": "S", "image": photo]]])
            #expect(seeded.status == 200 && seeded.json["added"] as? Int == 0, "\(seeded.text)")
        }
    }

    @Test func `a value that PostgreSQL does not take is the client's mistake`() async throws {
        try await Self.with { server in
            let photo = try Photo.biden.base64()
            for number in ["1e131073", "-1e131073", "1" + String(repeating: "0", count: 140_000)] {
                let body = """
                    {"surname":"S","department":"","image":"\(photo)","createPersonInIntellect":1,
                    "additionalParams":{"card":\(number)}}
                    """
                let reply = try await FaceIntellectClient(server: server).call("CreatePerson", text: body)
                #expect(reply.status == 200 && reply.code == "FAILED_TO_ADD_PERSON", "\(reply.text)")
            }
            let marks = String(repeating: "a" + String(repeating: "\u{0301}", count: 60), count: 100)
            for base in ["/enface/v1", "/neurovision/v1"] {
                let client = Self.enface(server, base)
                #expect(try await client.post("person/list/create", ["name": marks]).isError(400, "bad list name"))
                let group = try await client.post("source/group/create", ["name": marks])
                #expect(group.isError(400, "invalid schema"))
            }
            let source = try await Self.enface(server, "/neurovision/v1").post(
                "source/create", ["group_id": EnfaceClient.defaultID, "name": "s", "feature_check": ["a\u{0}b"]])
            #expect(source.isError(400, "invalid schema"), "\(source.text)")
        }
    }
}
