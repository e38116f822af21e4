import Foundation
import NIOHTTP1
import TestKit
import Testing

/// Speaks Face Intellect's dialect to a running server, as its clients do.
struct FaceIntellectClient: Sendable {
    let server: RunningServer

    /// A client of the server that tests share.
    static func shared() async throws -> FaceIntellectClient { FaceIntellectClient(server: try await .shared()) }

    /// Calls a method with a JSON object.
    func call(_ method: String, _ body: [String: Any]) async throws -> HTTPReply {
        try await server.client.request(
            .POST, "/firserver/\(method)", headers: ["Content-Type": "application/json"], body: Self.json(body))
    }

    /// Calls a method with a text as it is.
    func call(_ method: String, text: String) async throws -> HTTPReply {
        try await server.client.post("/firserver/\(method)", text)
    }

    /// Fetches a picture.
    func image(_ id: String, server serverID: String = "1", verb: HTTPMethod = .GET) async throws -> HTTPReply {
        try await server.client.request(verb, "/firserver/GetImage/\(serverID)/\(id)")
    }

    /// Adds a person and returns the id.
    func create(_ fields: [String: Any] = [:], photo: Photo = .personA1) async throws -> String {
        var body: [String: Any] = ["server_id": "1", "surname": "S", "department": "", "image": try photo.base64()]
        body.merge(fields) { _, new in new }
        let reply = try await call("CreatePerson", body)
        #expect(reply.json["Status"] as? String == "SUCCESS", "\(reply.text)")
        return try #require(reply.json["Result"] as? String)
    }

    /// The row of a person.
    func person(_ id: String) async throws -> [String: Any]? {
        try await call("ReadPersons", ["server_id": "1", "id": [id]]).list("PersonList").first
    }

    static func json(_ body: [String: Any]) throws -> [UInt8] {
        try [UInt8](JSONSerialization.data(withJSONObject: body, options: .withoutEscapingSlashes))
    }
}

extension HTTPReply {
    /// The code of the answer.
    var code: String? { json["Status"] as? String }

    /// An array of objects.
    func list(_ key: String) -> [[String: Any]] { json[key] as? [[String: Any]] ?? [] }
}

extension Photo {
    /// The file as clients send it.
    func base64() throws -> String { Data(try bytes()).base64EncodedString() }
}

/// A word that no other test uses.
func uniqueWord() -> String { UUID().uuidString }

/// The similarity of a row, which is a text; not a number when the row has none, so that every comparison fails.
func similarity(_ row: [String: Any]) -> Double {
    (row["Sim"] as? String).flatMap(Double.init) ?? .nan
}
