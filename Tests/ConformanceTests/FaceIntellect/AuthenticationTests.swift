import Foundation
import NIOHTTP1
import TestKit
import Testing

/// HTTP Basic, where it is switched on.
struct AuthenticationTests {
    @Test(.contract(.authentication, .documented))
    func `with authentication on only accounts may call`() async throws {
        let server = try await RunningServer(arguments: [
            "--face-intellect-authentication", "true", "--face-intellect-users", "1:1 gate:pass:word",
        ])
        func status(_ path: String, _ header: String?, verb: HTTPMethod = .POST) async throws -> HTTPReply {
            var headers = HTTPHeaders()
            header.map { headers.add(name: "Authorization", value: $0) }
            return try await server.client.request(
                verb, path, headers: headers, body: verb == .POST ? Array("{}".utf8) : nil)
        }
        func basic(_ text: String) -> String { "Basic \(Data(text.utf8).base64EncodedString())" }
        for header in [
            nil, "", "Basic", "Basic !!!", "Bearer abc", basic("1:2"), basic("2:1"), basic("1"), basic(":"),
            basic("1:"),
            basic("GATE:pass:word"), "Basic \(Data([0xFF, 0x3A, 0x31]).base64EncodedString())",
        ] {
            let reply = try await status("/firserver/ReadPersons", header)
            #expect(reply.status == 401, "\(header ?? "nothing")")
            #expect(reply.headers["WWW-Authenticate"] == [#"Basic realm="firserver""#])
            #expect(reply.text == "{}")
        }
        for header in [basic("1:1"), basic("gate:pass:word"), basic("1:1").replacing("Basic", with: "basic")] {
            #expect(try await status("/firserver/ReadPersons", header).status == 200)
        }
        let image = "/firserver/GetImage/1/\(UUID().uuidString)"
        #expect(try await status(image, nil, verb: .GET).status == 401)
        #expect(try await status(image, basic("1:1"), verb: .GET).status == 404)
        #expect(try await status("/web2/secure/persons", nil, verb: .GET).status == 401)
        #expect(try await status("/web2/secure/persons", basic("1:1"), verb: .GET).status == 200)
        // Browsers ask first without credentials; operators and unknown paths have none.
        #expect(try await status("/firserver/ReadPersons", nil, verb: .OPTIONS).status == 204)
        #expect(try await status("/readyz", nil, verb: .GET).status == 200)
        #expect(try await status("/firserver/Nothing", nil).status == 404)
        #expect(await server.stop() == 0)
    }

    @Test func `accounts are managed by a command and no password is stored in clear`() async throws {
        try await withTemporaryDirectory { folder in
            let settings = ["--data-directory", folder + "/data"]
            let added = try await Program.run(
                ["users", "add", "--login", "gate"] + settings, input: "secret word\n")
            #expect(added.status == 0, "\(added.errors)")
            let listed = try await Program.run(["users", "list"] + settings)
            #expect(listed.output == "gate editor face-intellect\n")
            let empty = try await Program.run(["users", "add", "--login", "x"] + settings, input: "\n")
            #expect(empty.status == 1 && empty.errors.contains("a password must not be empty"))
            let removed = try await Program.run(["users", "remove", "--login", "gate"] + settings)
            #expect(removed.status == 0)
            let again = try await Program.run(["users", "remove", "--login", "gate"] + settings)
            #expect(again.status == 1 && again.errors.contains("there is no account gate"))
        }
    }
}
