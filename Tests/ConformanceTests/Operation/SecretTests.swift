import Foundation
import NIOHTTP1
import TestKit
import Testing

/// Secrets that clients and administrators give the server are written down nowhere.
struct SecretTests {
    private static let databasePassword = "S3c%rt-of-the-database"

    /// The command lines of all processes of this machine.
    private func commandLines() throws -> String {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }.map { process in
            let bytes = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
            return String(decoding: bytes, as: UTF8.self).replacing("\0", with: " ")
        }.joined(separator: "\n")
    }

    @Test func `no secret and no mail address is in the log, the journal or a command line`() async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            let url = "\(database.configuration.connectionString) password='\(Self.databasePassword)'"
            let server = try await RunningServer(
                arguments: [
                    "--emulator", "--log-level", "trace", "--database-url", url,
                    "--opencv-keys=full:key-of-a-program", "--enface-password", "password-of-the-first",
                    "--face-intellect-authentication", "true",
                ],
                environment: [
                    "FIRSERVER_FACE_INTELLECT_USERS": "gate:password-of-the-gate",
                    "FIRSERVER_ENFACE_USERS": "second@example.org:password-of-the-second",
                ])
            let secrets = try await exercise(server)
            let journal = try await server.client.request(.GET, "/emulator/journal?limit=5000").text
            let log = try server.log()
            let lines = try commandLines()
            #expect(await server.stop() == 0)

            #expect(lines.contains("--database-url ***") && lines.contains("--opencv-keys=***"))
            #expect(log.contains("/enface/v1/images/") && log.contains("/***/***"))
            #expect(journal.contains("/***/***") && journal.contains(#""password":"***""#))
            for (name, secret) in secrets {
                #expect(!log.contains(secret), "\(name) is in the log")
                #expect(!journal.contains(secret), "\(name) is in the journal")
                #expect(!lines.contains(secret), "\(name) is in a command line")
            }
            for line in log.split(separator: "\n") where line.contains("url.path") {
                #expect(!line.contains("ana@example.org") && !line.contains("ana%40example.org"), "\(line)")
            }
            #expect(!journal.contains("/ana%40example.org") && !journal.contains("=ana%40example.org"))
        }
    }

    /// Uses every secret in every way that there is, and returns all of them.
    private func exercise(_ server: RunningServer) async throws -> [(name: String, secret: String)] {
        func send(
            _ verb: HTTPMethod, _ path: String, _ body: [String: Any]? = nil, _ headers: HTTPHeaders = [:]
        ) async throws -> HTTPReply {
            try await server.client.request(
                verb, path, headers: headers, body: try body.map(FaceIntellectClient.json))
        }
        let login = try await send(
            .POST, "/enface/v1/user/login",
            ["email": "admin@firserver.local", "password": "password-of-the-first"])
        let session = try #require(login.json["token"] as? String, "\(login.text)")
        _ = try await send(
            .POST, "/enface/v1/user/login", ["email": "second@example.org", "password": "password-of-the-second"])
        _ = try await send(.POST, "/enface/v1/user/login?password=password-of-the-first", ["email": "a@b.c"])
        let made = try await send(.POST, "/enface/v1/token/create", ["token": session, "valid_days": 1])
        let token = try #require((made.json["token"] as? [String: Any])?["id"] as? String, "\(made.text)")
        for (path, body, headers) in [
            ("/enface/v1/tokens", [:], ["token": token]), ("/enface/v1/tokens?token=\(token)", [:], [:]),
            ("/neurovision/v1/tokens", ["token": token], [:]),
            ("/v1/tokens", [:], ["Authorization": "Bearer \(session)"]),
            ("/v1/token/update", ["token_id": token, "valid_days": 2], ["token": token]),
        ] as [(String, [String: Any], HTTPHeaders)] {
            #expect(try await send(.POST, path, body, headers).status == 200, "\(path)")
        }
        let client = EnfaceClient(server: server, base: "/enface/v1", token: token)
        let list = try await client.makeList()
        let record = try await client.enrol(.biden, into: list, [.text("token", token)])
        let link = try #require(record["image_url"] as? String, "\(record)")
        let path = try #require(link.firstRange(of: "/enface").map { String(link[$0.lowerBound...]) })
        #expect(try await send(.GET, path).status == 200)
        _ = try await client.post("person", ["person_id": record["person_id"] ?? "", "list_id": list])

        let key: HTTPHeaders = ["x-api-key": "key-of-a-program"]
        let person = try await send(
            .POST, "/opencv/person", ["id": "ana@example.org", "images": [try Photo.biden.base64()]], key)
        #expect(person.status == 201, "\(person.text)")
        #expect(try await send(.GET, "/opencv/person/ana%40example.org", nil, key).status == 200)
        _ = try await send(.GET, "/opencv-server/person?collection_name=x&person_id=ana%40example.org", nil, key)
        _ = try await send(.GET, "/opencv/person/ana@example.org", nil, ["x-api-key": "wrong-key"])

        let basic = Data("gate:password-of-the-gate".utf8).base64EncodedString()
        let read = try await send(
            .POST, "/firserver/ReadPersons",
            ["password": "password-in-a-field", "a": [["Secret": "secret-in-a-field"]]],
            ["Authorization": "Basic \(basic)"])
        #expect(read.status == 200)
        let seals = path.split(separator: "/").suffix(2).map(String.init)
        return [
            ("the database's password", Self.databasePassword), ("the program's key", "key-of-a-program"),
            ("the wrong key", "wrong-key"), ("the first password", "password-of-the-first"),
            ("the second password", "password-of-the-second"), ("Basic", basic),
            ("the gate's password", "password-of-the-gate"), ("a field", "password-in-a-field"),
            ("a field", "secret-in-a-field"), ("the session", session), ("the token", token), ("the seal", seals[0]),
            ("the seal", seals[1]),
        ]
    }

    @Test(arguments: ["S3c%rtpass", "S3c@rtpass", "S3c/rtpass"])
    func `a failed connection and the help do not tell the database's password`(password: String) async throws {
        let environment = ["DATABASE_URL": "postgresql://u:\(password)@127.0.0.1:1/db"]
        for arguments in [["migrate"], ["serve", "--help"], ["users", "list"], ["keys", "list"]] {
            let outcome = try await Program.run(arguments, environment: environment)
            let text = outcome.output + outcome.errors
            #expect(!text.contains("rtpass") && !text.contains("S3c"), "\(text.suffix(400))")
            #expect(arguments.contains("--help") || outcome.errors.contains("PostgreSQL cannot be reached"))
        }
        let stray = try await Program.run(["serve", "postgresql://u:\(password)@127.0.0.1:1/db"])
        #expect(!stray.errors.contains("rtpass"), "\(stray.errors)")
    }

    @Test func `the first user's token is in a file that only the server's account can read`() async throws {
        let server = try await RunningServer(arguments: [])
        let file = server.dataDirectory.appending(path: "enface-token")
        let facts = try FileManager.default.attributesOfItem(atPath: file.path)
        #expect(facts[.posixPermissions] as? Int == 0o600)
        let token = try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .newlines)
        let log = try server.log()
        #expect(log.contains(file.path))
        #expect(!log.lowercased().contains(token.lowercased()))
        let reply = try await server.client.request(.POST, "/enface/v1/tokens", headers: ["token": token], body: [])
        #expect(reply.status == 200 && reply.text.contains(token), "\(reply.text)")

        // A second start has nothing to tell; a link in the file's place would not have been followed.
        #expect(await server.stop(keepingData: true) == 0)
        try FileManager.default.removeItem(at: file)
        let again = try await RunningServer(arguments: [], after: server)
        #expect(!FileManager.default.fileExists(atPath: file.path))
        #expect(await again.stop() == 0)
    }
}
