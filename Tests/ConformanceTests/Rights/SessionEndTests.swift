import Foundation
import NIOHTTP1
import Postgres
import TestKit
import Testing

/// How sessions end, and what an account leaves behind.
@Suite(.serialized) struct SessionEndTests {
    private func withDatabase(_ body: (_ database: [String], PostgresConfiguration) async throws -> Void) async throws {
        try await withTemporaryPostgres { postgres in
            try await body(
                ["--database-url", postgres.connectionString], PostgresConfiguration(postgres.connectionString))
        }
    }

    private func logIn(_ client: EnfaceClient, _ password: String = EnfaceClient.secondPassword) async throws
        -> HTTPReply
    {
        try await client.send(
            .POST, "user/login", ["email": EnfaceClient.secondEmail, "password": password], token: nil)
    }

    @Test(.contract(.enfaceUsers, .decided), arguments: ["/enface/v1", "/neurovision/v1"])
    func `a logout ends the session and no other one`(base: String) async throws {
        let client = try await EnfaceClient.shared(base)
        let tokens = [try await logIn(client), try await logIn(client)].compactMap { $0.json["token"] as? String }
        #expect(tokens.count == 2)
        func status(_ token: String) async throws -> Int {
            try await client.send(.GET, "person/lists", nil, token: token).status
        }
        for token in tokens { #expect(try await status(token) == 200) }
        let reply = try await client.send(.POST, "user/logout", token: tokens[0])
        #expect(reply.status == 200 && reply.json["status"] as? String == "ok")
        #expect(try await status(tokens[0]) == 401)
        #expect(try await status(tokens[1]) == 200)
        #expect(try await client.send(.POST, "user/logout", token: tokens[0]).isError(401, "access denied"))
        // A permanent token is no session; it is deleted by token/delete.
        #expect(try await client.send(.POST, "user/logout", token: client.token).status == 400)
        #expect(try await status(client.token) == 200)
    }

    @Test func `sessions end when the password changes, those of Basic and of WebSockets, too`() async throws {
        try await withDatabase { database, _ in
            let client = try await EnfaceClient.own(
                database + ["--face-intellect-authentication", "true", "--face-intellect-users", "gate:first"])
            let session = try #require(try await logIn(client).json["token"] as? String)
            func status() async throws -> Int {
                try await client.send(.GET, "person/lists", nil, token: session).status
            }
            func basic(_ password: String) async throws -> Int {
                try await Stage.faceIntellect(client.server, "ReadPersons", [:], login: "gate:\(password)").status
            }
            #expect(try await status() == 200)
            #expect(try await basic("first") == 200)
            let answer = try await WebSocketClient.connect(
                port: client.server.port, path: "/web2/secure/ws/events", headers: Stage.basic("gate:first"))
            guard case .connected(let events) = answer else {
                Issue.record("there is no WebSocket")
                return
            }
            for (login, password) in [(EnfaceClient.secondEmail, "second-password"), ("gate", "second")] {
                let changed = try await Program.run(
                    ["users", "add", "--login", login] + database, input: "\(password)\n")
                #expect(changed.status == 0, "\(changed.errors)")
            }
            try await Task.sleep(for: .milliseconds(5200))
            #expect(try await status() == 401)
            #expect(try await basic("first") == 401)
            #expect(try await basic("second") == 200)
            _ = try await events.closeCode(within: .seconds(15))
            let fresh = try #require(try await logIn(client, "second-password").json["token"] as? String)
            #expect(try await client.send(.GET, "person/lists", nil, token: fresh).status == 200)
            // A restart is no change of a password, though the settings name it again.
            let other = try #require(
                try await client.send(
                    .POST, "user/login", ["email": EnfaceClient.email, "password": EnfaceClient.password], token: nil
                ).json["token"] as? String)
            #expect(await client.server.stop() == 0)
            let again = try await EnfaceClient.own(database)
            #expect(try await again.send(.GET, "person/lists", nil, token: other).status == 200)
            let ended = try await Program.run(
                ["users", "logout", "--login", EnfaceClient.email, "--tokens"] + database)
            #expect(ended.status == 0)
            try await Task.sleep(for: .milliseconds(5200))
            for token in [other, again.token] {
                #expect(try await again.send(.GET, "person/lists", nil, token: token).status == 401)
            }
            #expect(await again.server.stop() == 0)
        }
    }

    @Test func `lifetimes have a cap`() async throws {
        let client = try await EnfaceClient.own(
            ["--enface-session-days", "2", "--enface-token-days", "3", "--emulator", "true"], base: "/neurovision/v1")
        let login = try await client.send(
            .POST, "user/login",
            ["email": EnfaceClient.email, "password": EnfaceClient.password, "valid_days": 0], token: nil)
        let session = try #require(login.json["token"] as? String)
        for body in [["expires": "never"], ["expires": "2999-01-01T00:00:00Z"], ["expires": "300"]] {
            let made = try await client.post("token/create", body)
            let token = try #require(made.json["token"] as? [String: Any], "\(made.text)")
            let renewed = try await client.post(
                "token/update", body.merging(["token_id": "\(token["id"] ?? "")"]) { $1 })
            for token in [token, renewed.json["token"] as? [String: Any] ?? [:]] {
                let end = try #require(token["expires"] as? String)
                let date = try #require(
                    try? Date(end, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true)))
                #expect(abs(date.timeIntervalSinceNow - 3 * 86_400) < 60)
            }
        }
        #expect(try await client.send(.GET, "tokens", nil, token: session).status == 200)
        #expect(try await client.server.client.post("/emulator/clock/advance", #"{"seconds":172801}"#).status == 200)
        #expect(try await client.send(.GET, "tokens", nil, token: session).status == 401)
        #expect(await client.server.stop() == 0)
    }

    @Test func `a removed account takes along what only it had`() async throws {
        try await withDatabase { database, configuration in
            let first = try await EnfaceClient.own(database)
            let login = try await logIn(first)
            let second = EnfaceClient(
                server: first.server, base: first.base, token: try #require(login.json["token"] as? String))
            _ = try await first.enrol(.biden, into: EnfaceClient.defaultID)
            let kept = try await first.makeList()
            _ = try await first.enrol(.obama, into: kept)
            let list = try await second.makeList()
            for place in [list, EnfaceClient.defaultID] {
                _ = try await second.enrol(.obama, into: place)
                _ = try await second.enrol(.personA2, into: place, [.text("drop_image", "true")])
            }
            #expect(try await second.form("action", [try .photo(.obama)]).status == 201)
            let group = try await second.post("source/group/create", ["name": "doors"]).json["group_id"] as? String
            #expect(try await second.post("source/create", ["group_id": group ?? "", "name": "door"]).status == 201)
            let token = try await second.post("token/create", ["expires": "never"])
            #expect(token.status == 201)

            let removed = try await Program.run(["users", "remove", "--login", EnfaceClient.secondEmail] + database)
            #expect(removed.status == 0, "\(removed.errors)")
            #expect(
                removed.output == "removed \(EnfaceClient.secondEmail): 1 list(s), 4 person(s), 3 picture(s)\n",
                "\(removed.output)")
            let connection = try PostgresConnection(configuration)
            func count(_ table: String) throws -> Int {
                try connection.query("SELECT count(*) FROM \(table)").scalar(Int.self)
            }
            for (table, number) in [
                ("accounts", 1), ("persons", 2), ("faces", 2), ("images", 2), ("thumbnails", 2), ("person_lists", 1),
                ("sources", 0), ("source_groups", 0), ("actions", 0), ("list_persons", 2), ("galleries", 2),
                ("access_tokens", 1),
            ] {
                let found = try count(table)
                #expect(found == number, "\(table): \(found)")
            }
            try await Task.sleep(for: .milliseconds(5200))
            #expect(try await second.post("person/lists").status == 401)
            // The first user's account goes without the gallery that all share.
            let other = try await Program.run(["users", "remove", "--login", EnfaceClient.email] + database)
            #expect(other.output == "removed \(EnfaceClient.email): 1 list(s), 1 person(s), 1 picture(s)\n")
            #expect(try count("persons") == 1 && count("images") == 1 && count("galleries") == 1)
            #expect(await first.server.stop() == 0)
        }
    }
}
