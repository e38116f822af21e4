import Foundation
import TestKit
import Testing

struct UserTests {
    @Test(.contract(.enfaceUsers, .documented)) func `a login gives a token that works in every place`() async throws {
        let client = try await EnfaceClient.shared()
        let reply = try await client.send(
            .POST, "user/login", ["email": EnfaceClient.email, "password": EnfaceClient.password], token: nil)
        #expect(reply.status == 200)
        #expect(reply.json["status"] as? String == "ok")
        let session = try #require(reply.json["token"] as? String)
        #expect(session.split(separator: ".").count == 3)
        for token in [session, client.token] {
            #expect(try await client.send(.GET, "tokens", nil, token: token).status == 200)
            #expect(try await client.send(.GET, "tokens", ["token": token], token: nil).status == 200)
            #expect(try await client.send(.GET, "tokens?token=\(token)", nil, token: nil).status == 200)
            let bearer = try await client.server.client.request(
                .GET, "\(client.base)/tokens", headers: ["Authorization": "Bearer \(token)"])
            #expect(bearer.status == 200)
            let part = try await client.form(
                "detect", [.file("images", try Pictures.plain()), .text("token", token)], token: .some(nil))
            #expect(part.status == 200)
        }
    }

    @Test(.contract(.enfaceUsers, .documented)) func `without a valid token everything is denied`() async throws {
        let client = try await EnfaceClient.shared()
        for token in ["", "nonsense", UUID().uuidString, "a.b.c"] {
            let reply = try await client.send(.GET, "person/lists", nil, token: token)
            #expect(reply.isError(401, "access denied"), "\(token) \(reply.text)")
        }
        let none = try await client.send(.POST, "person", ["person_id": UUID().uuidString], token: nil)
        #expect(none.isError(401, "access denied"))
        let disagreeing = try await client.send(.GET, "tokens", ["token": client.token], token: "wrong")
        #expect(disagreeing.status == 401)
    }

    @Test(
        .contract(.enfaceUsers, .observed),
        arguments: [
            #"{"password":"secret-1"}"#, #"{"email":"first@example.org"}"#, #"{"email":"first","password":"secret-1"}"#,
            #"{"email":"first@example.org","password":"12345"}"#, #"{"email":5,"password":"secret-1"}"#,
            #"{"email":"first@example.org","password":"secret-1","valid_days":0}"#,
            #"{"email":"first@example.org","password":"secret-1","valid_days":"1"}"#, "[]", "{", "nonsense",
        ])
    func `a malformed login is an invalid schema`(body: String) async throws {
        let client = try await EnfaceClient.shared()
        let reply = try await client.server.client.post("\(client.base)/user/login", body)
        #expect(reply.isError(400, "invalid schema"), "\(reply.text)")
    }

    @Test(.contract(.enfaceUsers, .observed)) func `a wrong password and an unknown user are told alike`() async throws
    {
        let client = try await EnfaceClient.shared()
        for body in [
            ["email": EnfaceClient.email, "password": "wrong-1"],
            ["email": "nobody@example.org", "password": "wrong-1"],
        ] {
            let reply = try await client.send(.POST, "user/login", body, token: nil)
            #expect(reply.isError(403, "access denied"))
        }
    }

    @Test(.contract(.enfaceUsers, .documented)) func `permanent tokens are made, listed, renewed and deleted`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let made = try await client.post("token/create", ["expires": "never"])
        #expect(made.status == 201)
        #expect(made.message == "new token created")
        let token = try #require(made.json["token"] as? [String: Any])
        let id = try #require(token["id"] as? String)
        #expect(token["expires"] as? String == "never")
        #expect(id.dropFirst(14).first == "1")
        #expect(try await client.send(.GET, "tokens", nil, token: id).status == 200)
        let listed = try await client.send(.POST, "tokens", token: client.token).array
        #expect(listed.contains { $0["id"] as? String == id && $0["expires"] as? String == "never" })

        let renewed = try await client.send(
            .PUT, "token/update", ["token_id": id, "valid_days": 3], token: client.token)
        #expect(renewed.status == 200)
        #expect(renewed.json["code"] as? Int == 0)
        let end = try #require((renewed.json["token"] as? [String: Any])?["expires"] as? String)
        let date = try #require(
            try? Date(end, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true)))
        #expect(abs(date.timeIntervalSinceNow - 3 * 86_400) < 60)

        let other = try await EnfaceClient.second()
        let foreign = try await other.send(.DELETE, "token/delete", ["token_id": id], token: other.token)
        #expect(foreign.isError(200, "token with this id does not found"))
        // A token may delete itself.
        #expect(try await client.send(.DELETE, "token/delete", ["token_id": id], token: id).status == 200)
        #expect(try await client.send(.GET, "tokens", nil, token: id).status == 401)
        let again = try await client.post("token/delete", ["token_id": id])
        #expect(again.isError(200, "token with this id does not found"))
    }

    @Test(.contract(.enfaceUsers, .observed)) func `a token lasts a day unless something else is said`() async throws {
        let client = try await EnfaceClient.shared()
        let made = try await client.post("token/create")
        let token = try #require(made.json["token"] as? [String: Any])
        let end = try #require(token["expires"] as? String)
        let date = try #require(
            try? Date(end, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true)))
        #expect(abs(date.timeIntervalSinceNow - 86_400) < 60)
    }

    @Test(
        .contract(.enfaceUsers, .observed),
        arguments: [
            #"{"valid_days":-1}"#, #"{"valid_days":0}"#, #"{"valid_days":"x"}"#, #"{"expires":5}"#,
            #"{"expires":"soon"}"#, #"{"expires":"2001-01-01T00:00:00Z"}"#,
        ])
    func `a token's end has to make sense`(body: String) async throws {
        let client = try await EnfaceClient.shared()
        for path in ["token/create", "token/update"] {
            let reply = try await client.server.client.post(
                "\(client.base)/\(path)", body, headers: ["token": client.token])
            #expect(reply.isError(400, "invalid schema"), "\(path) \(body) \(reply.text)")
        }
    }

    @Test(
        .contract(.enfaceUsers, .observed),
        arguments: [#"{}"#, #"{"token_id":5}"#, #"{"token_id":""}"#, #"{"token_id":"x"}"#])
    func `a token to delete has to be named by its id`(body: String) async throws {
        let client = try await EnfaceClient.shared()
        let reply = try await client.server.client.post(
            "\(client.base)/token/delete", body, headers: ["token": client.token])
        #expect(reply.isError(400, "invalid schema"))
    }
}
