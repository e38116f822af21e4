import Foundation
import NIOHTTP1
import TestKit
import Testing

struct OpenCVTransportTests {
    /// Every row of the cloud API's table.
    static let cloudRows: [(verb: HTTPMethod, path: String, writes: Bool)] = [
        (.POST, "collection", true), (.PATCH, "collection", true), (.GET, "collection/x", false),
        (.DELETE, "collection/x", true), (.GET, "collections", false), (.GET, "collections/x,y", false),
        (.GET, "collections/person/x", false), (.POST, "collection/person", true),
        (.DELETE, "collection/person/x/y", true), (.PATCH, "collection/persons", true), (.POST, "person", true),
        (.POST, "person/crops", true), (.PATCH, "person", true), (.GET, "person/x", false),
        (.DELETE, "person/x", true), (.POST, "person/images", true), (.PATCH, "person/images", true),
        (.DELETE, "person/image/x/y", true), (.GET, "persons", false), (.PATCH, "persons", true),
        (.GET, "persons/x", false), (.POST, "search", false), (.POST, "search/crops", false), (.POST, "detect", false),
        (.POST, "verify", false), (.POST, "search-live-face", false), (.POST, "compare", false),
        (.POST, "compare-live-face", false), (.POST, "liveness", false), (.POST, "head-count", false),
    ]
    /// Every row of the FR Server's table, and our additions.
    static let serverRows: [(verb: HTTPMethod, path: String, writes: Bool)] = [
        (.POST, "collection", true), (.DELETE, "collection", true), (.PUT, "person", true), (.PUT, "persons", true),
        (.POST, "face-search", false), (.POST, "multi-face-search", false), (.POST, "compare", false),
        (.GET, "collections", false), (.GET, "person", false), (.DELETE, "person", true), (.GET, "persons", false),
    ]

    @Test(.contract(.openCVTransport, .observed), arguments: cloudRows)
    func `every method of the cloud API wants a key that may do it`(
        verb: HTTPMethod, path: String, writes: Bool
    ) async throws {
        let client = try await OpenCVClient.shared()
        #expect(try await client.call(verb, path, key: nil).isFailure(401, "ERR_INVALID_API_KEY"))
        #expect(try await client.call(verb, path, key: "wrong").isFailure(401, "ERR_INVALID_API_KEY"))
        let looked = try await client.call(verb, path, key: OpenCVClient.readOnlyKey)
        #expect(looked.isFailure(403, "ERR_READ_ONLY_API_KEY") == writes, "\(looked.text)")
        // A key that may do everything comes as far as the method itself.
        let reply = try await client.call(verb, path)
        #expect([200, 404, 422].contains(reply.status), "\(reply.status) \(reply.text)")
    }

    @Test(.contract(.openCVTransport, .documented), arguments: serverRows)
    func `every method of the FR Server wants a key that may do it`(
        verb: HTTPMethod, path: String, writes: Bool
    ) async throws {
        let client = try await OpenCVClient.shared().frServer
        #expect(try await client.call(verb, path, key: nil).isFailure(401, "ERR_API_KEY_NOT_PRESENT"))
        #expect(try await client.call(verb, path, key: "wrong").isFailure(403, "ERR_API_KEY_NOT_VALID"))
        let looked = try await client.call(verb, path, key: OpenCVClient.readOnlyKey)
        #expect(looked.isFailure(403, "ERR_READ_ONLY_API_KEY") == writes, "\(looked.text)")
        let reply = try await client.call(verb, path)
        #expect([200, 422].contains(reply.status), "\(reply.status) \(reply.text)")
    }

    @Test(.contract(.openCVTransport, .observed)) func `an unknown path or verb has a code and a message, too`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        for path in ["nowhere", "", "person/a/b", "search/crops/x", "collections/person/a/b"] {
            let reply = try await client.call(.GET, path)
            #expect(reply.isFailure(404, "ERR_ENTITY_NOT_FOUND"), "\(path): \(reply.text)")
            #expect(try await client.frServer.call(.GET, path).isFailure(404, "ERR_NOT_FOUND"))
        }
        for (verb, path, allowed) in [
            (HTTPMethod.GET, "search", "POST"), (.PUT, "person", "POST, PATCH"), (.DELETE, "persons", "GET, PATCH"),
        ] {
            let reply = try await client.call(verb, path)
            #expect(reply.isFailure(405, "ERR_METHOD_NOT_ALLOWED"), "\(path): \(reply.text)")
            #expect(reply.headers["Allow"] == [allowed])
        }
        #expect(try await client.frServer.call(.PATCH, "person").isFailure(405, "ERR_METHOD_NOT_ALLOWED"))
    }

    @Test(.contract(.openCVTransport, .observed)) func `slashes too many are passed over, header names have any case`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        for path in ["/opencv//collections", "//opencv/collections/", "/opencv///persons//", "//collections"] {
            let reply = try await client.server.client.request(
                .GET, path, headers: ["X-API-Key": OpenCVClient.key, "Accept": "text/plain"])
            #expect(reply.status == 200, "\(path): \(reply.text)")
            #expect(reply.headers["Content-Type"].first?.hasPrefix("application/json") == true)
        }
        let reply = try await client.server.client.request(
            .GET, "/opencv/collections?x-api-key=\(OpenCVClient.key)",
            headers: ["Authorization": "Bearer \(OpenCVClient.key)"])
        #expect(reply.isFailure(401, "ERR_INVALID_API_KEY"))
    }

    @Test(.contract(.openCVTransport, .documented)) func `the document and its page need no key`() async throws {
        let client = try await OpenCVClient.shared()
        for mount in [client, client.root] {
            let document = try await mount.call(.GET, "openapi.json", key: nil)
            #expect(document.status == 200 && (document.json["openapi"] as? String)?.hasPrefix("3.1") == true)
            let paths = try #require(document.json["paths"] as? [String: [String: Any]])
            // Every row of the table is in the document.
            for row in Self.cloudRows {
                let verb = row.verb.rawValue.lowercased()
                let isThere = paths.contains { path, methods in
                    methods[verb] != nil && Self.fits(row.path, path)
                }
                #expect(isThere, "\(verb) \(row.path)")
            }
            let page = try await mount.call(.GET, "docs", key: nil)
            #expect(page.status == 200 && page.headers["Content-Type"].first?.hasPrefix("text/html") == true)
        }
    }

    /// Whether a path is one that a pattern of the document means.
    private static func fits(_ path: String, _ pattern: String) -> Bool {
        let (segments, parts) = (path.split(separator: "/"), pattern.split(separator: "/"))
        return segments.count == parts.count
            && zip(segments, parts).allSatisfy { $0 == $1 || $1.hasPrefix("{") }
    }

    @Test(.contract(.openCVTransport, .decided)) func `a body above 20 MB is a 413`() async throws {
        let client = try await OpenCVClient.shared()
        let body = [UInt8](repeating: 0x20, count: (20 << 20) + 1)
        for (mount, code) in [("opencv", "ERR_PAYLOAD_IS_TOO_LARGE"), ("opencv-server", "ERR_PAYLOAD_IS_TOO_LARGE")] {
            let reply = try await client.server.client.request(
                .POST, "/\(mount)/compare", headers: ["x-api-key": OpenCVClient.key], body: body)
            #expect(reply.isFailure(413, code), "\(reply.text)")
        }
    }

    @Test(.contract(.openCVTransport, .decided)) func `at the root both APIs answer, told apart by verb and members`()
        async throws
    {
        let client = try await OpenCVClient.shared().root
        let collection = try await client.call(.POST, "collection", ["name": String(uniqueWord().prefix(30))])
        #expect(collection.status == 201 && collection.json["id"] is String)
        let name = try await client.addNamedCollection()
        let image = try Photo.biden.base64()
        let put = try await client.call(
            .PUT, "person",
            ["collection_name": name, "person_id": "1", "person_name": "N", "face_base_64": image])
        #expect(put.status == 200 && put.json["person_id"] as? String == "1")
        for path in ["face-search", "multi-face-search"] {
            let reply = try await client.call(.POST, path, ["collection_name": name, "face_base_64": image])
            #expect(reply.status == 200 && reply.list.count == 1, "\(reply.text)")
        }
        #expect(try await client.call(.PUT, "persons", ["collection_name": name, "persons": []]).text == "[]")
        let both = try await client.call(
            .POST, "compare", ["face_base_64": image, "ref_face_base_64": image])
        #expect(both.json["is_match"] as? Bool == true)
        #expect(
            try await client.call(.POST, "compare", ["probe": [image], "gallery": [image]]).json["score"] as? Int == 1)
        for body in [[:], ["probe": [image], "face_base_64": image]] as [[String: Any]] {
            let reply = try await client.call(.POST, "compare", body)
            #expect(reply.status == 422 && !reply.list("detail").isEmpty)
        }
        #expect(try await client.call(.DELETE, "collection", ["name": name]).json["num_persons"] as? Int == 1)
        #expect(try await client.call(.GET, "collections").json["count"] is Int)
        #expect(try await client.call(.GET, "persons").json["count"] is Int)
        #expect(try await client.call(.PUT, "person", key: nil).isFailure(401, "ERR_API_KEY_NOT_PRESENT"))
        #expect(try await client.call(.GET, "persons", key: nil).isFailure(401, "ERR_INVALID_API_KEY"))
        // Everything else at the root is somebody else's.
        #expect(try await client.call(.GET, "nowhere").json["error"] is String)
    }

    @Test(.contract(.openCVTransport, .decided)) func `a setting says whose collections the root makes`() async throws {
        try await OpenCVClient.with(["--opencv-root", "server"]) { client in
            let made = try await client.root.call(.POST, "collection", ["name": "staff"])
            #expect(made.status == 200 && made.json["num_persons"] as? Int == 0)
            #expect(try await client.root.call(.POST, "collection", key: nil).isFailure(401, "ERR_API_KEY_NOT_PRESENT"))
            #expect(try await client.call(.POST, "collection", ["name": "staff"]).status == 201)
        }
    }

    @Test(.contract(.openCVTransport, .decided)) func `keys are added, listed, disabled and removed by a command`()
        async throws
    {
        try await withTemporaryPostgres { postgres in
            let database = ["--database-url", postgres.connectionString]
            func keys(_ arguments: String...) async throws -> Program.Outcome {
                try await Program.run(["keys"] + arguments + database)
            }
            let added = try await keys("add", "--name", "door")
            let secret = added.output.trimmingCharacters(in: .newlines)
            #expect(added.status == 0 && secret.count == 43)
            let looking = try await keys("add", "--name", "board", "--read-only").output
                .trimmingCharacters(in: .newlines)
            #expect(try await keys("add", "--name", "door").errors.contains("another key has this name"))
            #expect(try await keys("list").output == "board read-only\ndoor\n")
            #expect(try await keys("add").errors.contains("--name"))
            #expect(try await keys("remove", "--name", "x").errors.contains("there is no key x"))
            try await OpenCVClient.with(database) { client in
                _ = try await client.call(.GET, "persons", key: secret)
                #expect(try await client.call(.GET, "persons", key: secret).status == 200)
                #expect(try await client.call(.DELETE, "person/x", key: secret).status == 404)
                #expect(try await client.call(.GET, "persons", key: looking).status == 200)
                #expect(
                    try await client.call(.DELETE, "person/x", key: looking).isFailure(403, "ERR_READ_ONLY_API_KEY"))
                // With an external database a change is in force at once.
                #expect(try await keys("disable", "--name", "door").status == 0)
                #expect(try await client.call(.GET, "persons", key: secret).isFailure(403, "ERR_DISABLED_API_KEY"))
                #expect(
                    try await client.frServer.call(.GET, "collections", key: secret)
                        .isFailure(403, "ERR_API_KEY_NOT_VALID"))
                #expect(try await keys("enable", "--name", "door").status == 0)
                #expect(try await client.call(.GET, "persons", key: secret).status == 200)
                #expect(try await keys("remove", "--name", "door").status == 0)
                #expect(try await client.call(.GET, "persons", key: secret).isFailure(401, "ERR_INVALID_API_KEY"))
                // No secret is kept anywhere, and none is logged.
                #expect(try !client.server.log().contains(secret))
            }
        }
    }

    @Test(.contract(.openCVTransport, .observed)) func `a server that is not ready says so with a code`() async throws {
        try await OpenCVClient.with(["--emulator"]) { client in
            let emulator = EmulatorClient(server: client.server)
            _ = try await emulator.call(.POST, "faults", ["kind": "not-ready", "count": 2])
            #expect(try await client.call(.GET, "persons").isFailure(503, "ERR_MAINTENANCE_MODE"))
            #expect(try await client.frServer.call(.GET, "collections").isFailure(503, "ERR_MAINTENANCE_MODE"))
            #expect(try await client.call(.GET, "persons").status == 200)
        }
    }

    @Test(.contract(.openCVTransport, .decided)) func `a server with too much work says so with a code and a time`()
        async throws
    {
        try await OpenCVClient.with(["--analysis-threads", "1", "--analysis-queue", "1", "--analysis-cache", "0"]) {
            client in
            let body = ["image": try Pictures.eightFaces().base64()]
            let replies = try await withThrowingTaskGroup(of: HTTPReply.self) { group in
                for _ in 0..<12 { group.addTask { try await client.call(.POST, "head-count", body) } }
                return try await group.reduce(into: [HTTPReply]()) { $0.append($1) }
            }
            #expect(replies.contains { $0.status == 200 })
            let refused = replies.filter { $0.status != 200 }
            #expect(!refused.isEmpty)
            for reply in refused {
                #expect(reply.isFailure(429, "ERR_RATE_LIMIT_EXCEEDED"), "\(reply.text)")
                #expect(reply.headers["Retry-After"] == ["1"])
            }
        }
    }

    @Test(.contract(.openCVTransport, .decided)) func `the limit on persons holds for both APIs`() async throws {
        try await OpenCVClient.with(["--recognition-max-persons", "1"]) { client in
            try await client.addPerson()
            let image = try Photo.biden.base64()
            #expect(
                try await client.call(.POST, "person", ["images": [image]]).isFailure(403, "ERR_PERSON_LIMIT_EXCEEDED"))
            let name = try await client.addNamedCollection()
            #expect(try await client.put(.biden, id: "1", in: name).status == 200)
            #expect(try await client.put(.biden, id: "1", in: name).status == 200)
            #expect(try await client.put(.biden, id: "2", in: name).isFailure(403, "ERR_PERSON_LIMIT_EXCEEDED"))
        }
    }
}
