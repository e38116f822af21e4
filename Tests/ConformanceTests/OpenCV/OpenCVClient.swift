import Foundation
import Imaging
import NIOHTTP1
import TestKit
import Testing

/// Speaks OpenCV Face Recognition's dialects to a running server, as their clients do.
struct OpenCVClient: Sendable {
    static let key = "a-full-key"
    static let readOnlyKey = "a-key-that-looks"

    let server: RunningServer
    var mount = "/opencv"

    /// A client of the server that these tests share; they keep apart by ids, names and collections of their own.
    static func shared() async throws -> OpenCVClient { OpenCVClient(server: try await sharedServer.value) }

    private static let sharedServer = Task { try await RunningServer(arguments: keyArguments) }

    static let keyArguments = ["--opencv-keys", "full:\(key) look:\(readOnlyKey):read-only"]

    /// A server of a test's own.
    static func with(_ arguments: [String] = [], _ body: (OpenCVClient) async throws -> Void) async throws {
        let server = try await RunningServer(arguments: keyArguments + arguments)
        let result: Result<Void, any Error>
        do { result = .success(try await body(OpenCVClient(server: server))) } catch { result = .failure(error) }
        let status = await server.stop()
        try result.get()
        #expect(status == 0)
    }

    /// The same server by the FR Server's dialect.
    var frServer: OpenCVClient { OpenCVClient(server: server, mount: "/opencv-server") }

    /// The same server at the root.
    var root: OpenCVClient { OpenCVClient(server: server, mount: "") }

    func call(
        _ verb: HTTPMethod, _ path: String, _ body: [String: Any]? = nil, key: String? = OpenCVClient.key
    ) async throws -> HTTPReply {
        var headers: HTTPHeaders = [:]
        if let key { headers.add(name: "x-api-key", value: key) }
        return try await server.client.request(
            verb, "\(mount)/\(path)", headers: headers, body: try body.map(FaceIntellectClient.json))
    }

    /// Adds a collection with a name of its own.
    func addCollection(_ name: String = String(uniqueWord().prefix(30))) async throws -> String {
        let reply = try await call(.POST, "collection", ["name": name])
        #expect(reply.status == 201, "\(reply.text)")
        return try #require(reply.json["id"] as? String)
    }

    /// Adds a person and returns the object.
    @discardableResult
    func addPerson(_ photos: [Photo] = [.personA1], _ fields: [String: Any] = [:]) async throws -> [String: Any] {
        var body: [String: Any] = ["images": try photos.map { try $0.base64() }]
        body.merge(fields) { _, new in new }
        let reply = try await call(.POST, "person", body)
        #expect(reply.status == 201, "\(reply.text)")
        return reply.json
    }

    /// The ids that a search for a photo finds.
    func search(_ photo: Photo, _ fields: [String: Any] = [:]) async throws -> [String] {
        var body: [String: Any] = ["images": [try photo.base64()], "max_results": 500]
        body.merge(fields) { _, new in new }
        let reply = try await call(.POST, "search", body)
        #expect(reply.status == 200, "\(reply.text)")
        return reply.list.compactMap { $0["id"] as? String }
    }

    /// Adds a named collection of the FR Server.
    func addNamedCollection() async throws -> String {
        let name = "c-\(uniqueWord())"
        let reply = try await frServer.call(.POST, "collection", ["name": name])
        #expect(reply.status == 200, "\(reply.text)")
        return name
    }

    /// Enrols a person of a named collection.
    @discardableResult
    func put(
        _ photo: Photo, id: String, in collection: String, _ fields: [String: Any] = [:]
    ) async throws -> HTTPReply {
        var body: [String: Any] = [
            "collection_name": collection, "person_id": id, "person_name": "N", "face_base_64": try photo.base64(),
        ]
        body.merge(fields) { _, new in new }
        return try await frServer.call(.PUT, "person", body)
    }
}

extension HTTPReply {
    /// The body as the array of objects that it should be.
    var list: [[String: Any]] {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [[String: Any]] ?? []
    }

    /// The code of a failure.
    var failure: String? { json["code"] as? String }

    /// Whether the answer is a failure of both keys with this status and code.
    func isFailure(_ status: Int, _ code: String) -> Bool {
        self.status == status && failure == code && !(json["message"] as? String ?? "").isEmpty
    }
}

extension Pictures {
    /// A photo at another size in the middle of a grey canvas.
    ///
    /// - Parameter blurredBy: how many times smaller the photo is made before it is made larger again.
    static func portrait(
        _ photo: Photo, width: Int, height: Int, faceHeight: Int, blurredBy: Int = 1
    ) throws -> [UInt8] {
        var picture = try EncodedImage(photo.bytes()).decode().picture
        let share = Double(faceHeight) / Double(picture.height)
        let size = (Int(Double(picture.width) * share), faceHeight)
        if blurredBy > 1 {
            picture = picture.resized(width: picture.width / blurredBy, height: picture.height / blurredBy)
        }
        picture = picture.resized(width: size.0, height: size.1)
        var collage = Collage(width: width, height: height)
        collage.paste(picture, x: (width - size.0) / 2, y: (height - size.1) / 2)
        return try collage.picture.jpeg()
    }
}
