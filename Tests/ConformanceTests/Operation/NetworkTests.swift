import Foundation
import NIOHTTP1
import TestKit
import Testing

/// Who reaches a server: from the network, and through a browser.
struct NetworkTests {
    @Test(arguments: [
        (["--http-host", "0.0.0.0"], ["--face-intellect-authentication true", "Face Intellect"]),
        (["--http-host", "::"], ["--face-intellect-authentication true"]),
        (
            ["--http-host", "0.0.0.0", "--face-intellect-authentication", "true", "--emulator", "true"],
            ["/emulator would answer", "no --emulator"]
        ),
        (["--http-published-host", "10.1.2.3"], ["10.1.2.3 is not a loopback address"]),
    ])
    func `a server that lets anybody in does not start on a network by accident`(
        arguments: [String], words: [String]
    ) async throws {
        try await withTemporaryDirectory { folder in
            let outcome = try await Program.run(
                ["serve", "--http-port", "0", "--data-directory", "\(folder)/data"] + arguments)
            #expect(outcome.status == 1)
            for word in words + ["--allow-unauthenticated true"] {
                #expect(outcome.errors.contains(word), "\(outcome.errors)")
            }
            #expect(outcome.errors.split(separator: "\n").count == 1)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/data"))
        }
    }

    @Test(arguments: [
        ["--http-host", "0.0.0.0", "--allow-unauthenticated", "true"],
        ["--http-host", "0.0.0.0", "--face-intellect-authentication", "true"],
        ["--http-host", "0.0.0.0", "--http-published-host", "127.0.0.1"],
        ["--http-host", "localhost"],
    ])
    func `it starts when somebody said so, behind authentication, and on loopback`(arguments: [String]) async throws {
        // Where PostgreSQL cannot be reached, the port is open all the same.
        let server = try await RunningServer(
            arguments: ["--database-url", "host=/nowhere dbname=nothing"] + arguments, isAwaited: false)
        #expect(try await server.client.request(.GET, "/healthz").status == 200)
        #expect(await server.stop() == 0)
    }

    @Test func `pages of other sites and names that were made to point here reach nothing`() async throws {
        let server = try await RunningServer.shared()
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create()
        let requests: [(HTTPMethod, String, String?)] = [
            (.POST, "/firserver/DeletePersons", #"{"id":["\#(id)"]}"#),
            (.POST, "/firserver/ReadPersons", #"{"id":["\#(id)"]}"#),
            (.GET, "/firserver/GetImage/1/\(id)", nil), (.OPTIONS, "/firserver/ReadPersons", nil),
            (.GET, "/web2/secure/persons", nil), (.GET, "/metrics", nil), (.GET, "/opencv/docs", nil),
            (.POST, "/v1/user/login", "{}"), (.GET, "/nowhere", nil),
        ]
        for (verb, path, body) in requests {
            for (headers, setting) in [
                (["Origin": "https://evil.example"], "--http-allowed-origins"),
                (["Origin": "null"], "--http-allowed-origins"),
                (["Host": "evil.example:\(server.port)"], "--http-allowed-hosts"),
                (
                    ["Host": "evil.example:\(server.port)", "Origin": "http://evil.example:\(server.port)"],
                    "--http-allowed-hosts"
                ),
            ] as [(HTTPHeaders, String)] {
                let reply = try await server.client.request(
                    verb, path, headers: headers, body: body.map { Array($0.utf8) })
                #expect(reply.status == 403, "\(verb) \(path) \(headers)")
                #expect(reply.text.contains(setting))
                #expect(reply.headers["Access-Control-Allow-Origin"].isEmpty)
            }
        }
        let answer = try await WebSocketClient.connect(
            port: server.port, path: "/web2/secure/ws/events", headers: ["Origin": "https://evil.example"])
        guard case .refused(let refusal) = answer else {
            Issue.record("a page of another site listens to events")
            return
        }
        #expect(refusal.status == 403 && refusal.text.contains("--http-allowed-origins"))
        #expect(try await client.person(id) != nil)
    }

    @Test func `sites and names that the settings list are let through`() async throws {
        let server = try await RunningServer(arguments: [
            "--http-allowed-origins", "https://app.example.org http://other.example.org:8080",
            "--http-allowed-hosts", "faces.example.org",
        ])
        for origin in ["https://app.example.org", "http://other.example.org:8080", "http://localhost:5173"] {
            let reply = try await server.client.request(
                .POST, "/firserver/ReadPersons", headers: ["Origin": origin, "Host": "faces.example.org:80"],
                body: Array("{}".utf8))
            #expect(reply.status == 200)
            #expect(reply.headers["Access-Control-Allow-Origin"] == ["*"])
        }
        let foreign = try await server.client.request(
            .POST, "/firserver/ReadPersons", headers: ["Origin": "http://app.example.org"], body: Array("{}".utf8))
        #expect(foreign.status == 403)
        #expect(await server.stop() == 0)
    }

    @Test func `a login that a browser remembers does not serve pages of other sites`() async throws {
        let server = try await RunningServer(arguments: [
            "--face-intellect-authentication", "true", "--face-intellect-users", "1:1",
        ])
        func status(_ origin: String?, host: String = "faces.example.org") async throws -> Int {
            var headers: HTTPHeaders = ["Authorization": "Basic MTox", "Host": host]
            if let origin { headers.add(name: "Origin", value: origin) }
            return try await server.client.request(
                .POST, "/firserver/ReadPersons", headers: headers, body: Array("{}".utf8)
            ).status
        }
        #expect(try await status("https://evil.example") == 403)
        #expect(try await status("https://faces.example.org") == 200)
        #expect(try await status(nil) == 200)
        #expect(await server.stop() == 0)
    }

    @Test(arguments: [
        (HTTPMethod.POST, "/firserver/ReadPersons"), (.GET, "/firserver/GetImage/1/x"),
        (.OPTIONS, "/firserver/FindFaces"),
        (.GET, "/web2/secure/persons"), (.GET, "/healthz"), (.GET, "/metrics"), (.GET, "/opencv/docs"),
        (.GET, "/opencv/persons"), (.PUT, "/person"), (.GET, "/v1/tokens"), (.OPTIONS, "/v1/tokens"),
        (.GET, "/v1/images/\(UUID())/a/b"), (.GET, "/nowhere"), (.GET, "/web2/secure/ws/events"),
    ])
    func `no browser guesses the type of an answer`(verb: HTTPMethod, path: String) async throws {
        let http = try await RunningServer.shared().client
        let reply = try await http.request(verb, path, body: verb == .POST ? Array("{}".utf8) : nil)
        #expect(reply.headers["X-Content-Type-Options"] == ["nosniff"])
    }

    @Test func `the container stack publishes its port on this machine only and takes every setting from one file`()
        throws
    {
        let stack = try String(contentsOf: Checkout.root.appending(path: "docker-compose.yml"), encoding: .utf8)
        let ports = stack.matches(of: /(?m)^    ports:\n((?:      - .*\n)+)/).map { String($0.output.1) }
        #expect(ports.count == 1)
        // As Compose does for a variable that is not set.
        let published = ports[0].replacing(/\$\{[A-Z_]+:-([^}]*)\}/) { $0.output.1 }
        #expect(published == "      - 127.0.0.1:10000:10000\n")
        #expect(stack.contains(/(?m)^    env_file:\n      - path: \.env\n/))
        let guardedAddress = /FIRSERVER_HTTP_PUBLISHED_HOST: \$\{PUBLISHED_ADDRESS:-127\.0\.0\.1\}/
        #expect(stack.contains(guardedAddress) && ports[0].contains("${PUBLISHED_ADDRESS:-127.0.0.1}"))
        #expect(!stack.contains(/(?m)^      FIRSERVER_ALLOW_UNAUTHENTICATED/))
    }
}
