import Foundation
import TestKit
import Testing

/// What goes wrong on purpose.
@Suite(.serialized)
struct FaultTests {
    private static let server = Task { try await RunningServer(arguments: ["--emulator"]) }

    private func fresh() async throws -> EmulatorClient {
        let emulator = EmulatorClient(server: try await Self.server.value)
        #expect(try await emulator.call(.POST, "reset").status == 204)
        return emulator
    }

    private func order(_ emulator: EmulatorClient, _ fault: [String: Any]) async throws {
        let reply = try await emulator.call(.POST, "faults", fault)
        #expect(reply.status == 201, "\(reply.text)")
    }

    private func read(_ emulator: EmulatorClient) async throws -> HTTPReply {
        try await emulator.dialect.call("ReadPersons", ["server_id": "1"])
    }

    /// On a connection of its own, as clients repeat what fails on one that was open for a while.
    private func createOnNewConnection(_ emulator: EmulatorClient) async throws {
        let body = ["surname": "S", "department": "", "image": try Photo.biden.base64()]
        _ = try await HTTPClient(port: emulator.server.port).request(
            .POST, "/firserver/CreatePerson", body: FaceIntellectClient.json(body))
    }

    /// The next call is answered as if nothing had been.
    private func expectNormal(_ emulator: EmulatorClient) async throws {
        let reply = try await read(emulator)
        #expect(reply.status == 200 && reply.code == "OK")
        #expect(try await emulator.call(.GET, "faults").list("faults").isEmpty)
    }

    @Test func `an answer is late, by a fixed or a random time`() async throws {
        let emulator = try await fresh()
        func duration() async throws -> Duration {
            let start = ContinuousClock.now
            #expect(try await read(emulator).code == "OK")
            return ContinuousClock.now - start
        }
        try await order(emulator, ["kind": "delay", "milliseconds": 700, "count": 1])
        #expect(try await duration() >= .milliseconds(700))
        try await order(emulator, ["kind": "delay", "minimum": 300, "maximum": 600, "count": 2])
        for _ in 0..<2 { #expect(try await duration() >= .milliseconds(300)) }
        #expect(try await duration() < .milliseconds(300))
        try await expectNormal(emulator)
    }

    @Test func `an answer has a status and a body of the test's choice`() async throws {
        let emulator = try await fresh()
        try await order(emulator, ["kind": "status", "status": 502, "body": "<html>bad gateway</html>", "count": 1])
        let reply = try await read(emulator)
        #expect(reply.status == 502 && reply.text == "<html>bad gateway</html>")
        try await expectNormal(emulator)
    }

    @Test func `an answer is no JSON`() async throws {
        let emulator = try await fresh()
        try await order(emulator, ["kind": "malformed-json", "count": 1])
        let reply = try await read(emulator)
        #expect(reply.status == 200 && reply.json.isEmpty && reply.text.hasPrefix("{\"PersonList\""))
        try await expectNormal(emulator)
    }

    @Test func `a connection is reset before anything is done`() async throws {
        let emulator = try await fresh()
        try await order(emulator, ["kind": "reset", "method": "CreatePerson", "count": 1])
        await #expect(throws: (any Error).self) {
            try await createOnNewConnection(emulator)
        }
        try await expectNormal(emulator)
        #expect(try await read(emulator).json["Total"] as? Int == 0)
    }

    @Test func `an answer breaks off in the middle, and the work is done`() async throws {
        let emulator = try await fresh()
        try await order(emulator, ["kind": "truncated", "method": "createperson", "count": 1])
        await #expect(throws: (any Error).self) {
            try await createOnNewConnection(emulator)
        }
        try await expectNormal(emulator)
        #expect(try await read(emulator).json["Total"] as? Int == 1)
    }

    @Test func `the server says that it is not ready`() async throws {
        let emulator = try await fresh()
        let id = try await emulator.dialect.create(photo: .biden)
        try await order(emulator, ["kind": "not-ready", "count": 3])
        #expect(try await read(emulator).code == "SERVER_NOT_READY")
        #expect(try await emulator.dialect.image(id).status == 503)
        #expect(try await emulator.server.client.request(.GET, "/web2/secure/persons").status == 503)
        try await expectNormal(emulator)
        #expect(try await emulator.dialect.image(id).status == 200)
    }

    @Test func `a fault concerns one method and can be removed`() async throws {
        let emulator = try await fresh()
        let reply = try await emulator.call(
            .POST, "faults", ["kind": "status", "status": 500, "method": "FindFaces"])
        for _ in 0..<2 { #expect(try await emulator.dialect.call("FindFaces", [:]).status == 500) }
        #expect(try await read(emulator).status == 200)
        let id = try #require(reply.json["id"] as? String)
        #expect(try await emulator.call(.GET, "faults").list("faults").first?["used"] as? Int == 2)
        #expect(try await emulator.call(.DELETE, "faults/\(id)").status == 204)
        #expect(try await emulator.call(.DELETE, "faults/\(id)").status == 404)
        #expect(try await emulator.dialect.call("FindFaces", [:]).status == 200)
        // Operators and the emulator itself are never concerned.
        try await order(emulator, ["kind": "status", "status": 500])
        #expect(try await emulator.server.client.request(.GET, "/readyz").status == 200)
        #expect(try await emulator.call(.DELETE, "faults").status == 204)
        try await expectNormal(emulator)
    }

    @Test func `chance decides, the same after the same seed`() async throws {
        let emulator = try await fresh()
        func pattern() async throws -> [Int] {
            _ = try await emulator.call(.PUT, "ids", ["seed": 7])
            var pattern: [Int] = []
            for _ in 0..<40 { pattern.append(try await read(emulator).status) }
            return pattern
        }
        try await order(emulator, ["kind": "status", "status": 500, "probability": 0.5])
        let first = try await pattern()
        #expect(Set(first) == [200, 500])
        #expect(try await pattern() == first)
        _ = try await emulator.call(.DELETE, "faults")
        try await order(emulator, ["kind": "status", "status": 500, "probability": 0])
        #expect(try await read(emulator).status == 200)
    }

    @Test(arguments: [
        "{}", #"{"kind":"fire"}"#, #"{"kind":"delay"}"#, #"{"kind":"delay","milliseconds":-1}"#,
        #"{"kind":"delay","minimum":5,"maximum":1}"#, #"{"kind":"delay","milliseconds":600001}"#,
        #"{"kind":"status"}"#, #"{"kind":"status","status":99}"#, #"{"kind":"status","status":"x"}"#,
        #"{"kind":"reset","probability":2}"#, #"{"kind":"reset","probability":"x"}"#, #"{"kind":"reset","count":0}"#,
        "[]", "",
    ])
    func `a bad fault is refused`(body: String) async throws {
        let emulator = try await fresh()
        let reply = try await emulator.server.client.post("/emulator/faults", body)
        #expect(reply.status == 400, "\(reply.text)")
        try await expectNormal(emulator)
    }
}
