import HTTPSupport
import HTTPTypes
import Hummingbird
import NIOHTTP1
import TestKit
import Testing

/// Which requests of browsers reach a server.
struct BrowserGuardTests {
    private static func browserGuard(
        isOpen: Bool = true, origins: [String] = [], hosts: [String] = []
    ) -> BrowserGuard {
        BrowserGuard(
            isOpen: isOpen, boundHost: "Faces.LAN", origins: .some(origins.compactMap(WebOrigin.init)),
            hosts: .some(hosts))
    }

    private static func isAdmitted(
        _ browserGuard: BrowserGuard, host: String?, origin: String? = nil, authorization: String? = nil
    ) -> Bool {
        var request = HTTPRequest(method: .post, scheme: nil, authority: host, path: "/firserver/DeletePersons")
        if let origin { request.headerFields[.origin] = origin }
        if let authorization { request.headerFields[.authorization] = authorization }
        return (try? browserGuard.admit(request)) != nil
    }

    @Test(arguments: [
        "localhost", "LOCALHOST:10000", "localhost.", "app.localhost:80", "127.0.0.1", "127.8.9.1:1",
        "192.168.1.7:10000",
        "[::1]:10000", "[fe80::1]", "faces.lan", "faces.lan:10000", "FACES.lan", "named.example.org",
        "Named.Example.org:8080",
    ])
    func `an open server answers to local names, addresses, its own name and those that are listed`(host: String) {
        let browserGuard = Self.browserGuard(hosts: ["Named.example.org"])
        #expect(Self.isAdmitted(browserGuard, host: host))
    }

    @Test(arguments: [
        "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "notlocalhost", "xlocalhost:1", "", ":80",
        "[::1", "[localhost]", "127.0.0.1@evil.example", "evil.example/localhost", "localhost:99999", "localhost:",
        "localhost, evil.example", "127.0.0.1:80:80", "0x7f000001.evil.example", "sub.named.example.org",
    ])
    func `an open server does not answer to other names`(host: String) {
        let browserGuard = Self.browserGuard(hosts: ["named.example.org"])
        #expect(!Self.isAdmitted(browserGuard, host: host))
        // A page whose name points here has an origin of the same name, which makes it no better.
        #expect(!Self.isAdmitted(browserGuard, host: host, origin: "http://\(host)"))
    }

    @Test func `a request without Host is no browser's`() {
        #expect(Self.isAdmitted(Self.browserGuard(), host: nil))
        #expect(!Self.isAdmitted(Self.browserGuard(), host: nil, origin: "http://evil.example"))
    }

    @Test(arguments: [
        "http://localhost", "http://localhost:3000", "https://app.localhost", "http://127.0.0.1:5500", "http://[::1]",
        "http://10.0.0.5:10000", "https://app.example.org", "https://APP.example.org:443",
        "http://plain.example.org:80",
    ])
    func `pages of this machine, of the server itself and of listed sites may call`(origin: String) {
        let browserGuard = Self.browserGuard(origins: ["https://app.example.org", "http://plain.example.org"])
        #expect(Self.isAdmitted(browserGuard, host: "10.0.0.5:10000", origin: origin))
    }

    @Test(arguments: [
        "http://evil.example", "null", "", "http://10.0.0.5", "http://10.0.0.5:8080", "http://10.0.0.6:10000",
        "http://app.example.org", "https://app.example.org:8443", "https://app.example.org.evil.example",
        "https://sub.app.example.org", "http://localhost.evil.example", "http://evil.example#localhost", "localhost",
        "http://localhost@evil.example", "http://localhost http://evil.example", "file://", "https://xapp.example.org",
    ])
    func `pages of other sites may not`(origin: String) {
        let browserGuard = Self.browserGuard(origins: ["https://app.example.org"])
        #expect(!Self.isAdmitted(browserGuard, host: "10.0.0.5:10000", origin: origin))
    }

    @Test func `behind authentication only credentials that browsers add by themselves are looked after`() {
        let closed = Self.browserGuard(isOpen: false, origins: ["https://app.example.org"])
        let basic = "Basic MTox"
        #expect(Self.isAdmitted(closed, host: "faces.example.org", origin: "http://evil.example"))
        #expect(Self.isAdmitted(closed, host: "faces.example.org", authorization: basic))
        #expect(
            !Self.isAdmitted(closed, host: "faces.example.org", origin: "http://evil.example", authorization: basic))
        #expect(!Self.isAdmitted(closed, host: "faces.example.org", origin: "null", authorization: "bASIC  x"))
        for origin in ["https://faces.example.org", "https://app.example.org"] {
            #expect(Self.isAdmitted(closed, host: "faces.example.org", origin: origin, authorization: basic))
        }
    }

    @Test func `everything can be let through`() {
        let open = BrowserGuard(isOpen: true, boundHost: "127.0.0.1", origins: .any, hosts: .any)
        #expect(Self.isAdmitted(open, host: "evil.example", origin: "null"))
    }

    @Test func `the refusal names the setting, on routes and WebSockets alike, and no page is handed a kept answer`()
        async throws
    {
        let browserGuard = Self.browserGuard()
        let router = Router.server(browserGuard: browserGuard)
        router.get("plain") { _, _ in "here" }
        let route = WebSocketRoute { request, _ in
            request.path == "/events" ? .upgrade : .pass
        } messages: { _ in
            AsyncStream { $0.finish() }
        }
        try await withServer(router, webSockets: [route], browserGuard: browserGuard) { client in
            let here = try await client.request(.GET, "/plain")
            #expect(here.status == 200 && here.headers["Vary"] == ["Origin"])
            for path in ["/plain", "/nothing"] {
                let foreign = try await client.request(.GET, path, headers: ["Origin": "http://evil.example"])
                #expect(foreign.status == 403)
                #expect((foreign.json["error"] as? String)?.contains("--http-allowed-origins") == true)
                #expect(foreign.headers["Access-Control-Allow-Origin"].isEmpty)
                let rebound = try await client.request(.GET, path, headers: ["Host": "evil.example"])
                #expect(rebound.status == 403)
                #expect((rebound.json["error"] as? String)?.contains("--http-allowed-hosts") == true)
            }
            let answer = try await WebSocketClient.connect(
                port: client.port, path: "/events", headers: ["Origin": "http://evil.example"])
            guard case .refused(let refusal) = answer else {
                Issue.record("a page of another site got a WebSocket")
                return
            }
            #expect(refusal.status == 403)
            #expect((refusal.json["error"] as? String)?.contains("--http-allowed-origins") == true)
            #expect(refusal.headers["X-Content-Type-Options"] == ["nosniff"])
            let local = try await WebSocketClient.connect(
                port: client.port, path: "/events", headers: ["Origin": "http://localhost:3000"])
            guard case .connected = local else {
                Issue.record("a page of this machine got no WebSocket")
                return
            }
        }
    }
}
