import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging
import MetricsTestKit
import NIOCore
import NIOHTTP1
import Synchronization
import TestKit
import Testing

struct ServerTests {
    /// Echoes the size of the body on POST.
    private func router() -> Router<ServerContext> {
        let router = Router.server()
        router.post("size") { request, context in
            "\(try await request.wholeBody(upTo: 100_000, in: context).readableBytes)"
        }
        router.get("broken") { _, _ -> String in throw Broken() }
        router.get("text") { _, _ in "twelve bytes" }
        // A body that does not say how long it is.
        router.get("stream") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for part in ["six by", "tes."] { try await writer.write(ByteBuffer(string: part)) }
                    try await writer.finish(nil)
                })
        }
        router.get("empty") { _, _ in
            Response(status: .noContent, body: ResponseBody(byteBuffer: ByteBuffer(string: "not to be seen")))
        }
        return router
    }

    private struct Broken: Error {}

    private var limits: HTTPLimits {
        HTTPLimits(
            maximumBodySize: 100_000, bodyIdleTimeout: .milliseconds(300), bodyDeadline: .milliseconds(1200),
            lingerTimeout: .milliseconds(300))
    }

    @Test func `answers carry a date, the server's name and the request's id`() async throws {
        try await withServer(router()) { client in
            let reply = try await client.post("/size", "abc")
            #expect(reply.text == "3")
            #expect(reply.headers["Server"] == ["firserver"])
            #expect(reply.headers["Date"].count == 1)
            #expect(reply.headers["X-Request-Id"].first?.isEmpty == false)
        }
    }

    @Test func `failures of the framework and of handlers are JSON`() async throws {
        try await withServer(router()) { client in
            let missing = try await client.request(.GET, "/nowhere")
            #expect(missing.status == 404)
            #expect(missing.json["error"] as? String == "Nothing is found at this path")
            let broken = try await client.request(.GET, "/broken")
            #expect(broken.status == 500)
            #expect(broken.json["error"] as? String == "Internal error")
        }
    }

    @Test func `HEAD has the headers of GET and no body, and the connection goes on`() async throws {
        let answers = [
            ("/text", 200, 12), ("/stream", 200, 10), ("/broken", 500, 26), ("/size", 404, nil), ("/nowhere", 404, 41),
        ]
        try await withServer(router()) { client in
            let raw = try await RawConnection.connect(port: client.port)
            for (path, status, length) in answers as [(String, Int, Int?)] {
                let start = raw.receivedBytes.count
                try await raw.send("HEAD \(path) HTTP/1.1\r\nHost: x\r\n\r\nGET /text HTTP/1.1\r\nHost: x\r\n\r\n")
                let end = ContinuousClock.now + .seconds(30)
                func text() -> String { String(decoding: raw.receivedBytes[start...], as: UTF8.self) }
                while !text().hasSuffix("twelve bytes"), ContinuousClock.now < end {
                    try await Task.sleep(for: .milliseconds(5))
                }
                let parts = text().components(separatedBy: "\r\n\r\n")
                #expect(parts.count == 3 && parts[1].hasPrefix("HTTP/1.1 200"), "\(text())")
                #expect(parts[0].hasPrefix("HTTP/1.1 \(status)"), "\(parts[0])")
                if let length { #expect(parts[0].lowercased().contains("content-length: \(length)\r"), "\(parts[0])") }
            }
        }
    }

    @Test func `an answer without content has no body`() async throws {
        try await withServer(router()) { client in
            for _ in 0..<2 {
                let reply = try await client.request(.GET, "/empty")
                #expect(reply.status == 204 && reply.body.isEmpty && reply.headers["Content-Length"].isEmpty)
                #expect(try await client.request(.GET, "/text").text == "twelve bytes")
            }
        }
    }

    @Test func `a body up to the limit passes and one byte more is refused`() async throws {
        try await withServer(router(), limits: limits) { client in
            #expect(
                try await client.request(.POST, "/size", body: .init(repeating: 0, count: 100_000)).text == "100000")
            let refused = try await client.request(.POST, "/size", body: .init(repeating: 0, count: 100_001))
            #expect(refused.status == 413)
            #expect(refused.headers["Connection"] == ["close"])
            #expect(try await client.post("/size", "after").text == "5")
        }
    }

    @Test func `a chunked body has the same limit`() async throws {
        try await withServer(router(), limits: limits) { client in
            let raw = try await RawConnection.connect(port: client.port)
            try await raw.send("POST /size HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "8000\r\n" + String(repeating: "a", count: 0x8000) + "\r\n"
            for _ in 0..<4 { try await raw.send(chunk) }
            #expect(try await raw.waits(for: "413"))
            #expect(try await raw.waitsForClose())
        }
    }

    @Test func `chunks of a small body are joined`() async throws {
        try await withServer(router(), limits: limits) { client in
            let raw = try await RawConnection.connect(port: client.port)
            try await raw.send("POST /size HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<3 { try await raw.send("4\r\nabcd\r\n") }
            try await raw.send("0\r\n\r\n")
            #expect(try await raw.waits(for: "\r\n\r\n12"))
        }
    }

    @Test func `a client that waits for 100 gets it`() async throws {
        try await withServer(router(), limits: limits) { client in
            let raw = try await RawConnection.connect(port: client.port)
            try await raw.send("POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await raw.waits(for: "HTTP/1.1 100 Continue\r\n\r\n"))
            try await raw.send("abcd")
            #expect(try await raw.waits(for: "HTTP/1.1 200 OK"))
        }
    }

    @Test func `a client that waits for 100 with too large a body is refused at once`() async throws {
        try await withServer(router(), limits: limits) { client in
            let raw = try await RawConnection.connect(port: client.port)
            try await raw.send(
                "POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 400000000\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await raw.waits(for: "HTTP/1.1 413"))
            #expect(!raw.received.contains("100 Continue"))
            #expect(try await raw.waitsForClose())
        }
    }

    @Test func `the rest of a refused body is not read for ever`() async throws {
        try await withServer(router(), limits: limits) { client in
            let raw = try await RawConnection.connect(port: client.port)
            try await raw.send("POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 400000000\r\n\r\n")
            let sender = Task { while true { try await raw.send(.init(repeating: 97, count: 1 << 16)) } }
            #expect(try await raw.waits(for: "HTTP/1.1 413"))
            let ended = await sender.result
            #expect(throws: (any Error).self) { try ended.get() }
        }
    }

    @Test func `a client that pauses is answered 408`() async throws {
        try await withServer(router(), limits: limits) { client in
            let raw = try await RawConnection.connect(port: client.port)
            let start = ContinuousClock.now
            try await raw.send("POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
            #expect(try await raw.waits(for: "HTTP/1.1 408"))
            #expect(ContinuousClock.now - start >= .milliseconds(290))
            #expect(try await raw.waitsForClose())
        }
    }

    @Test func `a client that dribbles is answered 408 at the deadline`() async throws {
        var limits = limits
        limits.bodyIdleTimeout = .seconds(60)
        try await withServer(router(), limits: limits) { client in
            let raw = try await RawConnection.connect(port: client.port)
            let start = ContinuousClock.now
            try await raw.send("POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n")
            while !raw.isClosed, ContinuousClock.now - start < .seconds(10) {
                try? await raw.send("a")
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(raw.received.hasPrefix("HTTP/1.1 408"))
            #expect(ContinuousClock.now - start >= .milliseconds(1190))
        }
    }

    @Test func `a finished body is not timed any more`() async throws {
        try await withServer(router(), limits: limits) { client in
            #expect(try await client.post("/size", "ab").text == "2")
            try await Task.sleep(for: .milliseconds(500))
            let raw = try await RawConnection.connect(port: client.port)
            try await raw.send("POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab")
            #expect(try await raw.waits(for: "\r\n\r\n2"))
            try await Task.sleep(for: .milliseconds(1500))
            #expect(!raw.isClosed)
            try await raw.send("POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
            #expect(try await raw.waits(for: "\r\n\r\n3"))
        }
    }

    @Test func `requests are timed by verb and status, and none stays under way`() async throws {
        let metrics = TestMetrics()
        let router = Router(context: ServerContext.self)
        router.add(middleware: RequestMetricsMiddleware(factory: metrics))
        router.add(middleware: FailureMiddleware(shape: PlainFailureShape()))
        router.get("ok") { _, _ in "ok" }
        try await withServer(router) { client in
            for _ in 0..<3 { _ = try await client.request(.GET, "/ok") }
            _ = try await client.request(.PROPFIND, "/nowhere")
        }
        let ok = try metrics.expectTimer(
            "http.server.request.duration",
            [("http.request.method", "GET"), ("http.response.status_code", "200")])
        #expect(ok.values.count == 3)
        let other = try metrics.expectTimer(
            "http.server.request.duration",
            [("http.request.method", "_OTHER"), ("http.response.status_code", "404")])
        #expect(other.values.count == 1)
        #expect(try metrics.expectMeter("http.server.active_requests").lastValue == 0)
    }

    @Test func `one line is logged per request, without its query or body`() async throws {
        let lines = Lines()
        try await withServer(router(), logger: Logger(label: "t", factory: { _ in LineHandler(lines: lines) })) {
            client in
            _ = try await client.post("/size?token=secret", "hidden")
        }
        let logged = lines.all.filter { $0.message == "request" }
        #expect(logged.count == 1)
        let metadata = try #require(logged.first?.metadata)
        #expect(metadata["http.request.method"] == "POST")
        #expect(metadata["url.path"] == "/size")
        #expect(metadata["http.response.status_code"] == "200")
        #expect(metadata["http.request.body.size"] == "6")
        #expect(metadata["http.response.body.size"] == "1")
        #expect(metadata["duration.ms"] != nil)
        #expect(metadata["hb.request.id"] != nil)
        #expect(!metadata.values.contains { $0.contains("secret") || $0.contains("hidden") })
    }
}

private final class Lines: Sendable {
    private let lines = Mutex<[(message: String, metadata: [String: String])]>([])

    var all: [(message: String, metadata: [String: String])] { lines.withLock { $0 } }

    func add(_ message: String, _ metadata: Logger.Metadata) {
        lines.withLock { $0.append((message, metadata.mapValues { "\($0)" })) }
    }
}

private struct LineHandler: LogHandler {
    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.add("\(event.message)", metadata.merging(event.metadata ?? [:]) { _, new in new })
    }
}
