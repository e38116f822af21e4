import HTTPSupport
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import Synchronization
import TestKit
import Testing

/// What many clients together may ask of a server.
struct LimitsTests {
    private static let headers = "POST /size HTTP/1.1\r\nHost: x\r\n"

    private func router(_ budgets: RequestBudgets) -> Router<ServerContext> {
        let router = Router.server(budgets: budgets)
        router.post("size") { request, context in
            "\(try await request.wholeBody(upTo: 1 << 20, in: context).readableBytes)"
        }
        router.get("large") { _, context in
            try context.counted(
                Response(status: .ok, body: .init(byteBuffer: ByteBuffer(repeating: 97, count: 8 << 20))))
        }
        router.get("array") { _, context in
            Response.streamedArray(of: Array(0..<2000), upTo: 1 << 30, in: context) { number in
                var writer = JSONWriter()
                writer.value(String(repeating: "\(number % 10)", count: 100_000))
                return writer
            }
        }
        router.post("refused") { _, _ -> String in throw RequestFailure.unauthorized(challenge: "Test") }
        return router
    }

    private func serve(_ limits: HTTPLimits, _ body: (HTTPClient, RequestBudgets) async throws -> Void) async throws {
        let budgets = RequestBudgets(limits)
        try await withServer(router(budgets), limits: limits, budgets: budgets) { try await body($0, budgets) }
    }

    @Test func `there is memory for so many bodies, and others are refused before they are read`() async throws {
        // Three quarters of 1200 kB are two bodies of 200 kB, each of which counts twice.
        try await serve(HTTPLimits(bodyMemory: 1_200_000, lingerTimeout: .milliseconds(200))) { client, budgets in
            var held: [RawConnection] = []
            for _ in 0..<2 {
                let raw = try await RawConnection.connect(port: client.port)
                try await raw.send(Self.headers + "Content-Length: 200000\r\n\r\n")
                try await raw.send([UInt8](repeating: 97, count: 199_999))
                held.append(raw)
            }
            try await waits { budgets.bodies.takenBytes == 2 * 2 * 199_999 }
            for expectation in ["", "Expect: 100-continue\r\n"] {
                let late = try await RawConnection.connect(port: client.port)
                try await late.send(Self.headers + "Content-Length: 200000\r\n\(expectation)\r\n")
                #expect(try await late.waits(for: "please try again"))
                #expect(late.received.hasPrefix("HTTP/1.1 503"))
                #expect(late.received.lowercased().contains("retry-after: 1"))
                #expect(try await late.waitsForClose())
            }
            // Small bodies have the last quarter to themselves.
            #expect(try await client.request(.POST, "/size", body: .init(repeating: 97, count: 9000)).text == "9000")
            try await held[0].send("a")
            #expect(try await held[0].waits(for: "200000"))
            #expect(try await client.request(.POST, "/size", body: .init(repeating: 97, count: 200_000)).status == 200)
            await held[1].close()
            try await waits { budgets.bodies.takenBytes == 0 }
        }
    }

    @Test func `a body without a length is counted as it grows`() async throws {
        try await serve(HTTPLimits(bodyMemory: 400_000, lingerTimeout: .milliseconds(200))) { client, budgets in
            let raw = try await RawConnection.connect(port: client.port)
            try await raw.send(Self.headers + "Transfer-Encoding: chunked\r\n\r\n")
            let chunk = "8000\r\n" + String(repeating: "a", count: 0x8000) + "\r\n"
            for _ in 0..<8 { try? await raw.send(chunk) }
            #expect(try await raw.waits(for: "HTTP/1.1 503"))
            #expect(try await raw.waitsForClose())
            try await waits { budgets.bodies.takenBytes == 0 }
        }
    }

    @Test func `a client that only announces a body holds no memory`() async throws {
        try await serve(HTTPLimits(bodyMemory: 4_000_000)) { client, budgets in
            var slow: [RawConnection] = []
            for _ in 0..<20 {
                let raw = try await RawConnection.connect(port: client.port)
                try await raw.send(Self.headers + "Content-Length: 1000000\r\n\r\nabc")
                slow.append(raw)
            }
            try await waits { budgets.bodies.takenBytes == 20 * 2 * 3 }
            #expect(try await client.request(.POST, "/size", body: .init(repeating: 97, count: 900_000)).status == 200)
        }
    }

    @Test func `a refused body is not read to its end`() async throws {
        try await serve(HTTPLimits(lingerTimeout: .milliseconds(200))) { client, _ in
            let raw = try await RawConnection.connect(port: client.port)
            try await raw.send("POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n")
            #expect(try await raw.waits(for: "HTTP/1.1 401"))
            #expect(raw.received.lowercased().contains("connection: close"))
            #expect(try await raw.waitsForClose())
            let short = try await client.request(.POST, "/refused", body: .init(repeating: 97, count: 60_000))
            #expect(short.status == 401 && short.headers["Connection"].isEmpty)
        }
    }

    @Test func `answers that nobody takes are bounded, and so is the time that they may wait`() async throws {
        let limits = HTTPLimits(answerMemory: 24 << 20, connectionIdleTimeout: .seconds(2))
        try await serve(limits) { client, budgets in
            var idle: [RawConnection] = []
            for _ in 0..<2 {
                let raw = try await RawConnection.connect(port: client.port)
                try await raw.pause()
                try await raw.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
                idle.append(raw)
            }
            try await waits { budgets.answers.takenBytes == 16 << 20 }
            let refused = try await client.request(.GET, "/large")
            #expect(refused.status == 503 && refused.headers["Retry-After"] == ["1"])
            // Who takes nothing for two seconds is let go.
            try await waits { budgets.answers.takenBytes == 0 }
            #expect(try await client.request(.GET, "/large").body.count == 8 << 20)
            try await waits { budgets.answers.takenBytes == 0 }
        }
    }

    @Test func `an array is made as the client takes it`() async throws {
        try await serve(HTTPLimits()) { client, budgets in
            let idle = try await RawConnection.connect(port: client.port)
            try await idle.pause()
            try await idle.send("GET /array HTTP/1.1\r\nHost: x\r\n\r\n")
            try await waits { budgets.answers.takenBytes > 0 }
            try await Task.sleep(for: .milliseconds(300))
            // 200 MB in all, of which one element is made and some are on their way.
            #expect(budgets.answers.takenBytes < 200_000)
            await idle.close()
            try await waits { budgets.answers.takenBytes == 0 }
            let whole = try await client.request(.GET, "/array")
            #expect(whole.body.count == 2000 * 100_003 + 1)
            #expect(whole.text.hasPrefix("[\"000") && whole.text.hasSuffix("999\"]"))
        }
    }

    @Test func `a connection too many is answered 503, and quiet ones give way`() async throws {
        try await serve(HTTPLimits(maximumConnections: 2)) { client, _ in
            let busy = try await RawConnection.connect(port: client.port)
            try await busy.send(Self.headers + "Content-Length: 4\r\n\r\nab")
            let quiet = try await RawConnection.connect(port: client.port)
            try await Task.sleep(for: .milliseconds(300))
            // Both are too young to give way.
            let refused = try await RawConnection.connect(port: client.port)
            try await refused.send("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await refused.waits(for: "Too many connections"))
            #expect(refused.received.hasPrefix("HTTP/1.1 503") && refused.received.lowercased().contains("retry-after"))
            #expect(try await refused.waitsForClose())
            try await Task.sleep(for: .seconds(1))
            #expect(try await client.request(.GET, "/nowhere").status == 404)
            #expect(try await quiet.waitsForClose())
            try await busy.send("cd")
            #expect(try await busy.waits(for: "\r\n\r\n4"))
        }
    }

    @Test func `many connections that are only held open shut nobody out`() async throws {
        try await serve(HTTPLimits(maximumConnections: 50)) { client, _ in
            var held: [RawConnection] = []
            for _ in 0..<50 { held.append(try await RawConnection.connect(port: client.port)) }
            try await Task.sleep(for: .seconds(1.1))
            for _ in 0..<10 { #expect(try await HTTPClient(port: client.port).request(.GET, "/nowhere").status == 404) }
        }
    }

    private func waits(_ isDone: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while !isDone(), ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(10)) }
        #expect(isDone())
    }
}
