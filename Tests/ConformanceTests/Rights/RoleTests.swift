import Foundation
import NIOHTTP1
import Postgres
import TestKit
import Testing

/// Which dialects let an account in, and how far its role goes there.
@Suite(.serialized) struct RoleTests {
    /// Runs `body` with a server, and with commands beside it on the same database.
    private func withServer(
        _ arguments: [String] = [],
        _ body: (EnfaceClient, _ users: ([String], String?) async throws -> Program.Outcome) async throws -> Void
    ) async throws {
        try await withTemporaryPostgres { postgres in
            let database = ["--database-url", postgres.connectionString]
            func users(_ arguments: [String], _ password: String?) async throws -> Program.Outcome {
                try await Program.run(["users"] + arguments + database, input: password.map { "\($0)\n" })
            }
            for role in ["reader", "editor", "admin"] {
                let added = try await users(["add", "--login", role, "--role", role], "password")
                #expect(added.status == 0, "\(added.errors)")
            }
            let client = try await EnfaceClient.own(
                database + ["--face-intellect-authentication", "true"] + arguments)
            let result: Result<Void, any Error>
            do { result = .success(try await body(client, users)) } catch { result = .failure(error) }
            let status = await client.server.stop()
            try result.get()
            #expect(status == 0)
        }
    }

    private func faceIntellect(
        _ server: RunningServer, _ method: String, _ body: [String: Any]?, _ login: String
    ) async throws -> HTTPReply {
        try await Stage.faceIntellect(server, method, body, login: "\(login):password")
    }

    @Test func `users of Enface have their own lists and no business in Face Intellect's gallery`() async throws {
        try await withServer { client, users in
            let server = client.server
            for login in [
                "\(EnfaceClient.secondEmail):\(EnfaceClient.secondPassword)",
                "\(EnfaceClient.email):\(EnfaceClient.password)",
            ] {
                for (method, body) in [
                    ("ReadPersons", [:]), ("DeletePersons", ["id": ["*all*"]]), ("GetImage/1/\(UUID())", nil),
                    ("web2/secure/persons", nil),
                ] as [(String, [String: Any]?)] {
                    let reply = try await Stage.faceIntellect(server, method, body, login: login)
                    #expect(reply.status == 403, "\(method)")
                    #expect(reply.headers["WWW-Authenticate"].isEmpty)
                }
                let answer = try await WebSocketClient.connect(
                    port: server.port, path: "/web2/secure/ws/events", headers: Stage.basic(login))
                guard case .refused(let refusal) = answer else {
                    Issue.record("an account of Enface listens to events")
                    continue
                }
                #expect(refusal.status == 403)
            }
            // The other way round, too: Enface lets in nobody who was not made for it.
            let foreign = try await client.send(
                .POST, "user/login", ["email": "admin@x", "password": "password"], token: nil)
            #expect(foreign.isError(403, "access denied"))

            // Whoever is to have both is given both.
            let both = ["set", "--login", EnfaceClient.secondEmail, "--dialects", "face-intellect,enface"]
            #expect(try await users(both, nil).status == 0)
            try await Task.sleep(for: .milliseconds(5200))
            let login = "\(EnfaceClient.secondEmail):\(EnfaceClient.secondPassword)"
            #expect(try await Stage.faceIntellect(server, "ReadPersons", [:], login: login).status == 200)
            let listed = try await users(["list"], nil).output
            #expect(listed.contains("\(EnfaceClient.secondEmail) editor enface,face-intellect\n"))
            #expect(listed.contains("\(EnfaceClient.email) admin enface\n"))
            #expect(listed.contains("\nreader reader face-intellect\n"))
        }
    }

    @Test func `in Face Intellect a reader looks, an editor changes, an admin may delete everyone`() async throws {
        try await withServer { client, _ in
            let server = client.server
            let enrolment: [String: Any] = ["surname": "S", "department": "", "image": try Photo.biden.base64()]
            let denied = try await faceIntellect(server, "CreatePerson", enrolment, "reader")
            #expect(denied.status == 403 && denied.code == "FAILED_TO_ADD_PERSON")
            #expect((denied.json["Description"] as? String)?.contains("role") == true)
            let created = try await faceIntellect(server, "CreatePerson", enrolment, "editor")
            let id = try #require(created.json["Result"] as? String, "\(created.text)")
            for (method, code) in [
                ("UpdatePerson", "FAILED_TO_UPDATE_PERSON"), ("DeletePersons", "FAILED_TO_DELETE_PERSON"),
            ] {
                let reply = try await faceIntellect(server, method, ["id": [id]], "reader")
                #expect(reply.status == 403 && reply.code == code, "\(reply.text)")
            }
            for (method, body) in [
                ("ReadPersons", [:]), ("FindFaces", ["image": try Photo.biden.base64()]), ("GetImage/1/\(id)", nil),
                ("GetProtocols", [:]), ("GetAnalityc", [:]), ("GetAnalitycByTime", [:]),
                ("FindPasserBy", ["data": ["image": try Photo.biden.base64()]]), ("FaceErrorDescriptions", [:]),
                ("web2/secure/persons", nil), ("web2/secure/events", nil),
            ] as [(String, [String: Any]?)] {
                #expect(try await faceIntellect(server, method, body, "reader").status == 200, "\(method)")
            }
            #expect(
                try await faceIntellect(server, "UpdatePerson", ["id": id, "comment": "x"], "editor").code == "SUCCESS")
            let everyone: [String: Any] = ["id": ["*all*"]]
            let refused = try await faceIntellect(server, "DeletePersons", everyone, "editor")
            #expect(refused.status == 403 && refused.code == "FAILED_TO_DELETE_PERSON")
            #expect(try await faceIntellect(server, "GetImage/1/\(id)", nil, "reader").isPicture)
            #expect(try await faceIntellect(server, "DeletePersons", everyone, "admin").code == "SUCCESS")
        }
    }

    @Test func `in Enface a reader searches and changes nothing`() async throws {
        try await withServer { client, users in
            let list = try await client.makeList()
            let person = try #require(try await client.enrol(.obama, into: list)["person_id"] as? String)
            #expect(try await users(["set", "--login", EnfaceClient.email, "--role", "reader"], nil).status == 0)
            try await Task.sleep(for: .milliseconds(5200))
            for base in ["/enface/v1", "/neurovision/v1"] {
                let reader = EnfaceClient(server: client.server, base: base, token: client.token)
                let named: [String: Any] = ["person_id": person, "list_id": list]
                for (path, body) in [
                    ("person/list/create", ["name": "x"]), ("person/list/update", ["list_id": list, "name": "x"]),
                    ("person/list/delete", ["list_id": list]),
                    ("person/update", named.merging(["fields": ["x"]]) { $1 }),
                    ("person/delete", named), ("source/group/create", ["name": "x"]), ("source/create", [:]),
                    ("source/group/delete", ["group_id": list]), ("source/delete", [:]),
                ] as [(String, [String: Any])] {
                    #expect(try await reader.post(path, body).isError(403, "access denied"), "\(base) \(path)")
                }
                let image = try FormPart.photo(.obama)
                let enrolled = try await reader.form("person/create", [image, .text("list_id", list)])
                #expect(enrolled.isError(403, "access denied"))
                let adding = try await reader.form("action", [image, .text("person_list_add", list)])
                #expect(adding.isError(403, "access denied"))
                let searched = try await reader.form("action", [image, .text("person_list_search", list)])
                #expect(searched.status == 201 && searched.text.contains(person))
                #expect(try await reader.post("person", named).status == 200)
                #expect(try await reader.post("person/lists").status == 200)
                #expect(try await reader.form("detect", [try .photo(.obama, name: "images")]).status == 200)
            }
            let vectors = EnfaceClient(server: client.server, base: "/neurovision/v1", token: client.token)
            let only = try await vectors.form("person/create", [try .photo(.obama), .text("embedding_only", "true")])
            #expect(only.status == 200 && (only.json["embeddings"] as? [String])?.count == 1)
            #expect(try await vectors.form("person/fusion", [try .photo(.obama)]).isError(403, "access denied"))
            #expect(try await client.count(list) == 1)
        }
    }

    @Test func `a command says what is wrong with what it is asked`() async throws {
        try await withServer { _, users in
            for (arguments, message) in [
                (["set", "--login", "gate"], "--role or --dialects"), (["set", "--role", "admin"], "--login"),
                (["set", "--login", "nobody", "--role", "admin"], "there is no account nobody"),
                (["set", "--login", "editor", "--role", "boss"], "boss"),
                (["set", "--login", "editor", "--dialects", "opencv"], "opencv"),
                (["set", "--login", "editor", "--dialects", "enface"], "e-mail"),
                (["logout", "--login", "nobody"], "there is no account nobody"),
            ] {
                let outcome = try await users(arguments, nil)
                #expect(outcome.status != 0 && outcome.errors.contains(message), "\(outcome.errors)")
            }
        }
    }

    @Test func `accounts from before roles keep what they were made for`() async throws {
        try await withTemporaryDirectory { folder in
            let old = "\(folder)/migrations"
            try FileManager.default.createDirectory(atPath: old, withIntermediateDirectories: true)
            for name in try FileManager.default.contentsOfDirectory(atPath: Checkout.migrations.path) {
                guard let number = Int(name.prefix(4)), number <= 5 else { continue }
                try FileManager.default.copyItem(
                    atPath: Checkout.migrations.appending(path: name).path, toPath: "\(old)/\(name)")
            }
            try await TestDatabase.with(isMigrated: false) { database in
                try await MigrationRunner(directory: old).apply(on: database.pool)
                try await database.pool.withConnection { connection throws(PostgresError) in
                    try connection.runScript(
                        """
                        INSERT INTO accounts (login, rounds, block_size, parallelism, salt, key, created_at)
                        SELECT login, 2, 1, 1, '', '', now() FROM unnest(ARRAY['1', 'gate', 'a@b.c']) AS l (login)
                        """)
                }
                try await MigrationRunner(directory: Checkout.migrations.path).apply(on: database.pool)
                let rows = try await database.pool.read { connection throws(PostgresError) in
                    try connection.query(
                        "SELECT login || ' ' || role || ' ' || array_to_string(dialects, ',') FROM accounts ORDER BY 1"
                    ).map { row throws(PostgresError) in try row.decode(0, as: String.self) }
                }
                #expect(rows == ["1 admin face-intellect", "a@b.c admin enface", "gate admin face-intellect"])
            }
        }
    }
}
