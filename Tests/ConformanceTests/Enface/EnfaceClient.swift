import Foundation
import NIOHTTP1
import TestKit
import Testing

/// Speaks the Enface dialect to a running server, as its clients do.
struct EnfaceClient: Sendable {
    /// The id that default objects of all accounts have.
    static let defaultID = "13814001-1dd2-11b2-b619-5502c27ed19c"
    static let email = "first@example.org"
    static let password = "secret-1"
    static let secondEmail = "second@example.org"
    static let secondPassword = "secret-2"
    private static let firstToken = "2b0d7f2a-5b1e-11f0-8a39-0242ac120002"

    let server: RunningServer
    /// The path in front of the endpoints.
    let base: String
    /// What stands for the account.
    let token: String

    /// A client of the first user on the server that the tests of this dialect share.
    static func shared(_ base: String = "/enface/v1") async throws -> EnfaceClient {
        EnfaceClient(server: try await sharedServer.value, base: base, token: firstToken)
    }

    /// A client of another user on the same server.
    static func second(_ base: String = "/enface/v1") async throws -> EnfaceClient {
        let first = try await shared(base)
        let reply = try await first.send(
            .POST, "user/login", ["email": secondEmail, "password": secondPassword], token: nil)
        return EnfaceClient(server: first.server, base: base, token: try #require(reply.json["token"] as? String))
    }

    /// A client on a server of its own.
    static func own(_ arguments: [String], base: String = "/enface/v1") async throws -> EnfaceClient {
        EnfaceClient(
            server: try await RunningServer(arguments: settings + arguments), base: base, token: firstToken)
    }

    private static let settings = [
        "--enface-email", email, "--enface-password", password, "--enface-token", firstToken, "--enface-users",
        "\(secondEmail):\(secondPassword)",
    ]

    private static let sharedServer = Task { try await RunningServer(arguments: settings) }

    /// Sends a JSON object with the account's token in the header, unless told otherwise.
    func send(
        _ verb: HTTPMethod, _ path: String, _ body: [String: Any]? = [:], token: String?
    ) async throws -> HTTPReply {
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        if let token { headers.add(name: "token", value: token) }
        return try await server.client.request(
            verb, "\(base)/\(path)", headers: headers, body: try body.map { try FaceIntellectClient.json($0) })
    }

    /// Posts a JSON object.
    func post(_ path: String, _ body: [String: Any] = [:]) async throws -> HTTPReply {
        try await send(.POST, path, body, token: token)
    }

    /// Posts a form.
    func form(_ path: String, _ parts: [FormPart], token: String?? = nil) async throws -> HTTPReply {
        let boundary = "----firserver\(UInt64.random(in: 0 ... .max))"
        var body: [UInt8] = []
        for part in parts {
            body += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(part.name)\"".utf8)
            if part.isFile { body += Array("; filename=\"picture.bin\"\r\nContent-Type: image/jpeg".utf8) }
            body += Array("\r\n\r\n".utf8) + part.bytes + Array("\r\n".utf8)
        }
        body += Array("--\(boundary)--\r\n".utf8)
        var headers: HTTPHeaders = ["Content-Type": "multipart/form-data; boundary=\(boundary)"]
        if let token = token ?? .some(self.token) { headers.add(name: "token", value: token) }
        return try await server.client.request(.POST, "\(base)/\(path)", headers: headers, body: body)
    }

    /// Makes a list and returns its id.
    func makeList() async throws -> String {
        let reply = try await post("person/list/create", ["name": "list \(UUID())"])
        return try #require(reply.json["list_id"] as? String, "\(reply.text)")
    }

    /// Enrols the faces of a picture into a list.
    func enrol(_ picture: [UInt8], into list: String, _ parts: [FormPart] = []) async throws -> HTTPReply {
        try await form("person/create", [.text("list_id", list), .file("image", picture)] + parts)
    }

    /// Enrols the person of a photo and returns the record.
    func enrol(_ photo: Photo, into list: String, _ parts: [FormPart] = []) async throws -> [String: Any] {
        let reply = try await enrol(try photo.bytes(), into: list, parts)
        #expect(reply.status == 201, "\(reply.text)")
        return try #require(reply.records("persons").first, "\(reply.text)")
    }

    /// How many persons `person/lists` counts in a list.
    func count(_ list: String) async throws -> Int {
        let lists = try await send(.GET, "person/lists", nil, token: token).array
        let row = lists.first { $0["list_id"] as? String == list }
        return try #require(row?["persons_total"] as? Int)
    }
}

/// One part of a form.
struct FormPart: Sendable {
    let name: String
    let bytes: [UInt8]
    let isFile: Bool

    static func text(_ name: String, _ text: String) -> FormPart {
        FormPart(name: name, bytes: Array(text.utf8), isFile: false)
    }

    static func file(_ name: String, _ bytes: [UInt8]) -> FormPart {
        FormPart(name: name, bytes: bytes, isFile: true)
    }

    static func photo(_ photo: Photo, name: String = "image") throws -> FormPart {
        .file(name, try photo.bytes())
    }
}

extension HTTPReply {
    /// The body as the array of objects that it should be.
    var array: [[String: Any]] { (try? JSONSerialization.jsonObject(with: Data(body))) as? [[String: Any]] ?? [] }

    var message: String? { json["message"] as? String }

    /// The records in an array of arrays.
    func records(_ key: String) -> [[String: Any]] { (json[key] as? [[[String: Any]]] ?? []).flatMap(\.self) }

    /// Whether this is the refusal with a message.
    func isError(_ status: Int, _ message: String) -> Bool {
        self.status == status && json["status"] as? String == "error" && self.message == message
    }
}
