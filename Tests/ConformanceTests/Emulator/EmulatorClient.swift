import Foundation
import NIOHTTP1
import TestKit
import Testing

/// Drives a server that was started with `--emulator`.
struct EmulatorClient: Sendable {
    let server: RunningServer

    /// The same server by the dialect.
    var dialect: FaceIntellectClient { FaceIntellectClient(server: server) }

    /// A client of the server that tests share; they keep apart by cameras, times and persons of their own.
    static func shared() async throws -> EmulatorClient { EmulatorClient(server: try await sharedServer.value) }

    private static let sharedServer = Task { try await RunningServer(arguments: ["--emulator"]) }

    /// A server of a test's own, for what changes everything.
    static func with(_ arguments: [String] = [], _ body: (EmulatorClient) async throws -> Void) async throws {
        let server = try await RunningServer(arguments: ["--emulator"] + arguments)
        let result: Result<Void, any Error>
        do { result = .success(try await body(EmulatorClient(server: server))) } catch { result = .failure(error) }
        let status = await server.stop()
        try result.get()
        #expect(status == 0)
    }

    /// Calls the emulator, with a JSON object where there is one.
    func call(_ verb: HTTPMethod, _ path: String, _ body: [String: Any]? = nil) async throws -> HTTPReply {
        try await server.client.request(verb, "/emulator/\(path)", body: try body.map(FaceIntellectClient.json))
    }

    /// Posts a frame as a camera does.
    func frame(_ picture: [UInt8], camera: String, at time: String? = nil) async throws -> HTTPReply {
        let query = time.map { "?timestamp=\($0)" } ?? ""
        return try await server.client.request(
            .POST, "/emulator/cameras/\(camera)/frames\(query)", headers: ["Content-Type": "image/jpeg"], body: picture)
    }

    /// Posts a photo as a frame and returns the ids of its protocols.
    @discardableResult
    func pass(_ photo: Photo, camera: String, at time: String? = nil) async throws -> [String] {
        let reply = try await frame(photo.bytes(), camera: camera, at: time)
        #expect(reply.status == 200, "\(reply.text)")
        return try #require(reply.json["protocols"] as? [String])
    }

    /// Adds a camera with an id that no other test uses.
    func addCamera(_ name: String = "Gate") async throws -> String {
        let id = uniqueWord()
        let reply = try await call(.POST, "cameras", ["id": id, "name": name])
        #expect(reply.status == 201, "\(reply.text)")
        return id
    }

    /// The rows that GetProtocols gives for some conditions; a page of 1000 unless they say otherwise.
    func protocols(_ conditions: [String: Any]) async throws -> [[String: Any]] {
        var body: [String: Any] = ["server_id": "1", "onlineRefresh": 1, "pageSize": 1000]
        body.merge(conditions) { _, new in new }
        let reply = try await dialect.call("GetProtocols", body)
        #expect(reply.status == 200)
        #expect(reply.code == "OK", "\(reply.text)")
        return reply.list("Protocols")
    }
}
