import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Synchronization
import TestKit
import Testing

struct WebSocketTests {
    private let feed = Feed()

    private var router: Router<ServerContext> {
        let router = Router.server()
        router.post("size") { request, context in
            "\(try await request.wholeBody(upTo: 100_000, in: context).readableBytes)"
        }
        router.get("plain") { _, _ in "plain" }
        return router
    }

    /// Upgrades `/events`, refuses it without the right token, and passes all other paths on.
    private var routes: [WebSocketRoute] {
        let feed = feed
        let route = WebSocketRoute { request, _ in
            guard request.path?.hasPrefix("/events") == true else { return .pass }
            if request.path == "/events/slow" { try? await Task.sleep(for: .milliseconds(300)) }
            guard request.headerFields[.authorization] != "wrong" else {
                return .refuse(.unauthorized, [.wwwAuthenticate: "Basic realm=\"x\""])
            }
            return .upgrade
        } messages: { _ in
            feed.stream()
        }
        return [WebSocketRoute(decide: { _, _ in .pass }, messages: { _ in AsyncStream { nil } }), route]
    }

    /// Runs a server whose plain connections end after a third of a second without a request.
    private func withFeed(
        limits: WebSocketLimits = WebSocketLimits(), idleTimeout: Duration = .milliseconds(333),
        _ body: (TestKit.HTTPClient) async throws -> Void
    ) async throws {
        let limits = HTTPLimits(connectionIdleTimeout: idleTimeout, webSocket: limits)
        try await withServer(router, webSockets: routes, limits: limits, body)
    }

    private func connect(_ port: Int) async throws -> WebSocketClient {
        guard case .connected(let client) = try await WebSocketClient.connect(port: port, path: "/events") else {
            throw WebSocketClient.Ending.closed(code: nil)
        }
        return client
    }

    private func handshake(_ path: String = "/events", headers: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(headers)\r\n"
    }

    /// A connection after the handshake, and how many bytes the handshake took.
    private func raw(_ port: Int) async throws -> (RawConnection, Int) {
        let raw = try await RawConnection.connect(port: port)
        try await raw.send(handshake())
        #expect(try await raw.waits(for: "\r\n\r\n"))
        #expect(raw.received.hasPrefix("HTTP/1.1 101 "))
        return (raw, raw.receivedBytes.count)
    }

    @Test func `the handshake proves that the key was read`() async throws {
        try await withFeed { client in
            let (raw, _) = try await raw(client.port)
            // The example of RFC 6455, section 1.3.
            #expect(raw.received.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
            #expect(!raw.received.lowercased().contains("transfer-encoding"))
        }
    }

    @Test func `messages arrive in order`() async throws {
        try await withFeed { client in
            let socket = try await connect(client.port)
            let texts = (0..<1000).map { "message \($0) é" } + [String(repeating: "x", count: 3_000_000), ""]
            for text in texts { feed.send(text) }
            for text in texts { #expect(try await socket.next() == text) }
        }
    }

    @Test func `every client gets what is sent after its handshake`() async throws {
        try await withFeed { client in
            let sockets = [try await connect(client.port), try await connect(client.port)]
            feed.send("to both")
            for socket in sockets { #expect(try await socket.next() == "to both") }
        }
    }

    @Test func `a ping is answered by a pong of the same content`() async throws {
        try await withFeed { client in
            let (raw, start) = try await raw(client.port)
            try await raw.send(frame(0x89, Array("hello".utf8)))
            let answer = try await raw.bytes(count: start + 7)
            #expect(Array(answer[start...]) == [0x8A, 5] + Array("hello".utf8))
        }
    }

    @Test func `texts and fragments from a client are ignored`() async throws {
        try await withFeed { client in
            let (raw, start) = try await raw(client.port)
            try await raw.send(frame(0x81, Array("text".utf8)))
            try await raw.send(frame(0x02, .init(repeating: 0, count: 65536)))
            try await raw.send(frame(0x89, [1]))
            try await raw.send(frame(0x80, .init(repeating: 0, count: 1000)))
            try await raw.send(frame(0x8A, []))
            _ = try await raw.bytes(count: start + 3)
            feed.send("still here")
            let received = try await raw.bytes(count: start + 3 + 12)
            #expect(Array(received[start...]) == [0x8A, 1, 1, 0x81, 10] + Array("still here".utf8))
        }
    }

    @Test(arguments: [[0x03, 0xE8], [0x03, 0xE9, 0x62, 0x79, 0x65], [0x0F, 0xA0], []] as [[UInt8]])
    func `a farewell is answered with its code, and the connection ends`(content: [UInt8]) async throws {
        try await withFeed { client in
            let (raw, start) = try await raw(client.port)
            try await raw.send(frame(0x88, content))
            #expect(try await raw.waitsForClose())
            let code = content.prefix(2)
            #expect(Array(raw.receivedBytes[start...]) == [0x88, UInt8(code.count)] + code)
        }
    }

    @Test func `the end of the stream closes with 1000`() async throws {
        try await withFeed { client in
            let socket = try await connect(client.port)
            feed.send("last")
            feed.finish()
            #expect(try await socket.next() == "last")
            #expect(try await socket.closeCode() == 1000)
        }
    }

    @Test func `a client that does not answer the farewell is left`() async throws {
        try await withFeed(limits: WebSocketLimits(closeTimeout: .milliseconds(100))) { client in
            let (raw, start) = try await raw(client.port)
            feed.finish()
            #expect(try await raw.waitsForClose())
            #expect(Array(raw.receivedBytes[start...]) == [0x88, 2, 0x03, 0xE8])
        }
    }

    @Test func `a refusal is an answer with its headers`() async throws {
        try await withFeed { client in
            let answer = try await WebSocketClient.connect(
                port: client.port, path: "/events", headers: ["Authorization": "wrong"])
            guard case .refused(let reply) = answer else {
                Issue.record("was upgraded")
                return
            }
            #expect(reply.status == 401)
            #expect(reply.text == "{}")
            #expect(reply.headers["WWW-Authenticate"] == ["Basic realm=\"x\""])
            #expect(reply.headers["Content-Type"] == ["application/json; charset=utf-8"])
            #expect(reply.headers["Server"] == ["firserver"])
            // The server's own clock writes the same form.
            let other = try #require(try await client.request(.GET, "/plain").headers["Date"].first)
            let date = try #require(reply.headers["Date"].first)
            #expect(date.count == other.count && date.prefix(16) == other.prefix(16))
            #expect(feed.opened == 0)
        }
    }

    @Test func `a request that no route wants goes to the router, and its connection ends`() async throws {
        try await withFeed { client in
            let raw = try await RawConnection.connect(port: client.port)
            try await raw.send(handshake("/plain"))
            #expect(try await raw.waitsForClose())
            #expect(raw.received.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(raw.received.hasSuffix("plain"))
            #expect(raw.received.contains("Connection: close\r\n"))
        }
    }

    @Test(arguments: ["Upgrade: h2c", "Upgrade: websocket", "Upgrade: websocket\r\nSec-WebSocket-Version: 8"])
    func `a request for another protocol is answered as plain HTTP`(headers: String) async throws {
        try await withFeed { client in
            let raw = try await RawConnection.connect(port: client.port)
            let plain = "GET /plain HTTP/1.1\r\nHost: x\r\n\r\n"
            try await raw.send(
                plain + "GET /events HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n\(headers)\r\n\r\n" + plain)
            #expect(try await raw.waitsForClose())
            #expect(raw.received.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(raw.received.contains("HTTP/1.1 404 Not Found\r\n"))
            #expect(raw.received.ranges(of: "Connection: close\r\n").count == 1)
        }
    }

    @Test func `plain requests keep their connection, also before a handshake`() async throws {
        try await withFeed { client in
            let raw = try await RawConnection.connect(port: client.port)
            try await raw.send("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await raw.waits(for: "\r\n\r\nplain"))
            try await raw.send("POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await raw.waits(for: "HTTP/1.1 100 Continue\r\n\r\n"))
            try await raw.send("abcd")
            #expect(try await raw.waits(for: "\r\n\r\n4"))
            let start = raw.receivedBytes.count
            try await raw.send("POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab" + handshake())
            #expect(try await raw.waits(for: "HTTP/1.1 101 "))
            #expect(String(decoding: raw.receivedBytes[start...], as: UTF8.self).contains("\r\n\r\n2HTTP/1.1 101 "))
            feed.send("hello")
            #expect(try await raw.waits(for: "\u{5}hello"))
        }
    }

    @Test(arguments: [[0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 1], [0x82, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0]] as [[UInt8]])
    func `too large a frame closes with 1009`(head: [UInt8]) async throws {
        try await withFeed { client in
            let (raw, start) = try await raw(client.port)
            try await raw.send(head + .init(repeating: 0, count: 100_000))
            #expect(try await raw.waitsForClose())
            #expect(Array(raw.receivedBytes[start...]) == [0x88, 2, 0x03, 0xF1])
        }
    }

    @Test(
        arguments: [
            [0x81, 0x01, 0x61],  // not masked
            [0xC1, 0x80, 0, 0, 0, 0],  // a reserved bit
            [0x83, 0x80, 0, 0, 0, 0],  // an unknown opcode
            [0x80, 0x80, 0, 0, 0, 0],  // a continuation of nothing
            [0x01, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0],  // a message inside of another
            [0x09, 0x80, 0, 0, 0, 0],  // a ping in fragments
            [0x89, 0xFE, 0, 126, 0, 0, 0, 0],  // a ping of more than 125 bytes
            [0x88, 0x81, 0, 0, 0, 0, 0x03],  // half a close code
            [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xED],  // a close code that is not for sending
        ] as [[UInt8]])
    func `a client that breaks the rules is closed with 1002`(bytes: [UInt8]) async throws {
        try await withFeed { client in
            let (raw, start) = try await raw(client.port)
            try await raw.send(bytes)
            #expect(try await raw.waitsForClose())
            #expect(Array(raw.receivedBytes[start...]) == [0x88, 2, 0x03, 0xEA])
        }
    }

    @Test(arguments: [true, false])
    func `the stream is cancelled when the client leaves`(isPolite: Bool) async throws {
        try await withFeed { client in
            let socket = try await connect(client.port)
            feed.send("one")
            #expect(try await socket.next() == "one")
            #expect(feed.opened == 1)
            #expect(feed.ended == 0)
            if isPolite { try await socket.close() } else { await socket.abandon() }
            #expect(try await waits { feed.ended == 1 })
        }
    }

    @Test func `a client that leaves before the handshake costs no stream`() async throws {
        try await withFeed { client in
            let raw = try await RawConnection.connect(port: client.port)
            try await raw.send(handshake("/events/slow"))
            await raw.close()
            #expect(try await waits { feed.opened == 1 && feed.ended == 1 })
        }
    }

    @Test func `a client that sends nothing keeps its connection`() async throws {
        try await withFeed { client in
            let (raw, start) = try await raw(client.port)
            try await Task.sleep(for: .seconds(1))
            feed.send("still here")
            #expect(try await raw.bytes(count: start + 12).count == start + 12)
            #expect(!raw.isClosed)
        }
    }

    @Test func `a client that does not read holds up the stream and does not fill memory`() async throws {
        // Longer than the test: who takes nothing for this long is left.
        try await withFeed(idleTimeout: .seconds(60)) { client in
            let raw = try await RawConnection.connect(port: client.port)
            try await raw.pause()
            try await raw.send(handshake())
            #expect(try await waits { feed.opened == 1 })
            let text = String(repeating: "x", count: 1 << 20)
            for _ in 0..<150 { feed.send(text) }
            try await Task.sleep(for: .milliseconds(500))
            let waiting = feed.waitingAfterOneMore()
            #expect(waiting > 100)
            // Neither pings nor texts may pile up meanwhile, and leaving is noticed.
            for _ in 0..<1000 { try await raw.send(frame(0x89, .init(repeating: 1, count: 125))) }
            try await Task.sleep(for: .milliseconds(300))
            #expect(feed.waitingAfterOneMore() == waiting + 1)
            await raw.close()
            #expect(try await waits { feed.ended == 1 })
        }
    }

    @Test func `a silent client is pinged, and left when it does not answer`() async throws {
        let limits = WebSocketLimits(pingInterval: .milliseconds(200), silenceLimit: .milliseconds(700))
        try await withFeed(limits: limits) { client in
            let polite = try await connect(client.port)
            let (raw, start) = try await raw(client.port)
            #expect(try await raw.waitsForClose())
            let pings = raw.receivedBytes[start...]
            #expect(pings.starts(with: [0x89, 0, 0x89, 0]))
            try await Task.sleep(for: .milliseconds(800))
            feed.send("awake")
            #expect(try await polite.next() == "awake")
        }
    }

    @Test(arguments: [true, false])
    func `a graceful shutdown closes with 1001 and does not wait for long`(isAnswered: Bool) async throws {
        try await withService { group, port in
            if isAnswered {
                let socket = try await connect(port)
                await group.triggerGracefulShutdown()
                #expect(try await socket.closeCode() == 1001)
            } else {
                let (raw, position) = try await raw(port)
                await group.triggerGracefulShutdown()
                #expect(try await raw.waitsForClose())
                #expect(Array(raw.receivedBytes[position...]) == [0x88, 2, 0x03, 0xE9])
            }
        }
        #expect(feed.ended == 1)
    }

    @Test func `a graceful shutdown during the handshake ends the connection`() async throws {
        try await withService { group, port in
            let raw = try await RawConnection.connect(port: port)
            try await raw.send(handshake("/events/slow"))
            try await Task.sleep(for: .milliseconds(100))
            await group.triggerGracefulShutdown()
            #expect(try await raw.waitsForClose())
        }
        #expect(feed.ended == feed.opened)
    }

    /// Runs the server as a service that has to end within ten seconds after the body has asked for it.
    private func withService(_ body: (ServiceGroup, Int) async throws -> Void) async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router, webSockets: routes, address: .hostname("127.0.0.1", port: 0),
            limits: HTTPLimits(webSocket: WebSocketLimits(closeTimeout: .milliseconds(500))),
            budgets: RequestBudgets(), logger: .quiet
        ) {
            port.yield($0.localAddress?.port ?? 0)
        }
        let group = ServiceGroup(services: [application], logger: .quiet)
        let server = Task { try await group.run() }
        for await number in ports.prefix(1) { try await body(group, number) }
        let start = ContinuousClock.now
        try await server.value
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    private func waits(until isDone: () -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + .seconds(60)
        while !isDone(), ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(5)) }
        return isDone()
    }

    /// A frame as a client sends it, masked.
    private func frame(_ first: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length: [UInt8]
        switch content.count {
        case 0..<126: length = [0x80 | UInt8(content.count)]
        case 126..<65536: length = [0xFE, UInt8(content.count >> 8), UInt8(content.count & 255)]
        default: length = [0xFF, 0, 0, 0, 0, 0] + [16, 8, 0].map { UInt8(truncatingIfNeeded: content.count >> $0) }
        }
        let mask: [UInt8] = [1, 2, 3, 4]
        return [first] + length + mask + content.enumerated().map { $1 ^ mask[$0 % 4] }
    }
}

/// The source of what is sent to every open WebSocket.
private final class Feed: Sendable {
    private struct State {
        var listeners: [AsyncStream<String>.Continuation] = []
        var ended = 0
    }

    private static let capacity = 2000
    private let state = Mutex(State())

    var opened: Int { state.withLock { $0.listeners.count } }
    var ended: Int { state.withLock { $0.ended } }

    func stream() -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream<String>.makeStream(
            bufferingPolicy: .bufferingOldest(Self.capacity))
        continuation.onTermination = { _ in self.state.withLock { $0.ended += 1 } }
        state.withLock { $0.listeners.append(continuation) }
        return stream
    }

    func send(_ text: String) { for listener in state.withLock({ $0.listeners }) { listener.yield(text) } }

    /// Sends one more text to the first listener, and tells how many it has not taken yet.
    func waitingAfterOneMore() -> Int {
        guard case .enqueued(let rest) = state.withLock({ $0.listeners.first?.yield("") }) else { return 0 }
        return Self.capacity - rest
    }

    func finish() { for listener in state.withLock({ $0.listeners }) { listener.finish() } }
}
