import Foundation
import Synchronization
import TestKit
import Testing

/// Hostile clients of all kinds at once, and an honest one among them; `scripts/flood.py` is the same on a large scale.
@Suite(.serialized) struct FloodTests {
    /// How long the flood lasts; FIRSERVER_FLOOD_SECONDS makes it longer.
    private static var duration: Duration {
        .seconds(ProcessInfo.processInfo.environment["FIRSERVER_FLOOD_SECONDS"].flatMap { Int($0) } ?? 20)
    }

    private static let bodiesMegabytes = 192
    private static let answersMegabytes = 32
    private static let pixelMegabytes = 256
    private static let places = 100

    @Test(.contract(.transport, .decided))
    func `a flood of large bodies, connections and slow clients takes bounded memory and keeps nobody waiting`()
        async throws
    {
        let server = try await RunningServer(arguments: [
            "--log-level", "warning", "--analysis-cache", "0", "--http-bodies-mb", "\(Self.bodiesMegabytes)",
            "--http-answers-mb", "\(Self.answersMegabytes)", "--image-memory-mb", "\(Self.pixelMegabytes)",
            "--http-connections", "\(Self.places)", "--http-web-sockets", "5",
        ])
        let photo = try Photo.obama2.bytes()
        let probe = Array(#"{"findPersons":1,"image":"\#(photo.base64())"}"#.utf8)
        let large = Array(#"{"findPersons":1,"image":"\#(Self.padded(photo, megabytes: 22).base64())"}"#.utf8)
        let client = FaceIntellectClient(server: server)
        let stored = try await client.call(
            "CreatePerson",
            ["surname": "Flood", "department": "", "image": Self.padded(photo, megabytes: 8).base64()])
        let image = try #require(stored.json["Result"] as? String)
        for _ in 0..<5 { _ = try await server.client.request(.POST, "/firserver/FindFaces", body: probe) }
        let base = try server.residentMegabytes()

        let end = ContinuousClock.now + Self.duration
        let attackers = Attackers(port: server.port, body: large)
        let flood = Task { await attackers.run(until: end, image: image) }
        var (waits, failures, peak) = ([Duration](), [String](), base)
        while ContinuousClock.now < end {
            let start = ContinuousClock.now
            let reply = try await server.client.request(.POST, "/firserver/FindFaces", body: probe)
            waits.append(ContinuousClock.now - start)
            if reply.status != 200 || reply.list("FaceList").count != 1 {
                failures.append("\(reply.status) \(reply.text)")
            }
            peak = max(peak, try server.residentMegabytes())
            try await Task.sleep(for: .milliseconds(100))
        }
        await flood.value
        let slowest = waits.sorted()[99 * (waits.count - 1) / 100]
        let limits = Self.bodiesMegabytes + Self.answersMegabytes + Self.pixelMegabytes + Self.places / 4 + 5
        print(
            "\(waits.count) honest requests, 99th percentile \(slowest); resident \(base) MiB, then \(peak) MiB at most;",
            "large bodies by status: \(attackers.outcomes)")
        // Where all places are taken by connections that are too young to give way, a newcomer is refused.
        #expect(failures.allSatisfy { $0.contains("Too many connections") }, "\(failures.count): \(failures.prefix(2))")
        #expect(failures.count <= 1 + waits.count / 20, "\(failures.count) of \(waits.count)")
        #expect(slowest < .seconds(2), "\(slowest)")
        #expect(Double(peak) < 1.2 * Double(base + limits), "\(peak) MiB, \(base) MiB before")
        #expect(attackers.outcomes["HTTP/1.1 503", default: 0] > 0)
        #expect(await server.stop() == 0)
    }

    /// A picture with comments in it.
    private static func padded(_ jpeg: [UInt8], megabytes: Int) -> [UInt8] {
        let comment = [0xFF, 0xFE, 0xFF, 0xFF] + [UInt8](repeating: 97, count: 65_533)
        return jpeg[..<2] + (0..<16 * megabytes).flatMap { _ in comment } + jpeg[2...]
    }
}

/// Those who mean no good.
private final class Attackers: Sendable {
    private let port: Int
    private let body: [UInt8]
    private let counts = Mutex<[String: Int]>([:])

    init(port: Int, body: [UInt8]) {
        self.port = port
        self.body = body
    }

    /// How the large bodies were answered.
    var outcomes: [String: Int] { counts.withLock { $0 } }

    func run(until end: ContinuousClock.Instant, image: String) async {
        let picture = "GET /firserver/GetImage/1/\(image) HTTP/1.1\r\nHost: localhost\r\n\r\n"
        let webSocket =
            "GET /web2/secure/ws/events HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                repeating(until: end, in: &group) { try await self.sendBody(isHeld: number % 2 == 0, until: end) }
            }
            for _ in 0..<300 { repeating(until: end, in: &group) { try await self.hold(until: end) } }
            for _ in 0..<60 { repeating(until: end, in: &group) { try await self.sendSlowly(until: end) } }
            for request in [picture, webSocket] {
                for _ in 0..<10 { repeating(until: end, in: &group) { try await self.ask(request, until: end) } }
            }
        }
    }

    private func repeating(
        until end: ContinuousClock.Instant, in group: inout TaskGroup<Void>,
        _ body: @escaping @Sendable () async throws -> Void
    ) {
        group.addTask {
            while ContinuousClock.now < end {
                try? await body()
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func sendBody(isHeld: Bool, until end: ContinuousClock.Instant) async throws {
        let raw = try await RawConnection.connect(port: port)
        try await raw.send(
            "POST /firserver/FindFaces HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\n\r\n")
        let length = body.count - (isHeld ? 1 : 0)
        for start in stride(from: 0, to: length, by: 1 << 18) where raw.received.isEmpty {
            try await raw.send(Array(body[start..<min(start + 1 << 18, length)]))
        }
        while raw.received.isEmpty, !raw.isClosed, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(50))
        }
        counts.withLock { $0[String(raw.received.prefix(12)), default: 0] += 1 }
        await raw.close()
    }

    private func sendSlowly(until end: ContinuousClock.Instant) async throws {
        let raw = try await RawConnection.connect(port: port)
        try await raw.send("POST /firserver/FindFaces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n")
        while !raw.isClosed, ContinuousClock.now < end {
            try await raw.send(" ")
            try await Task.sleep(for: .seconds(1))
        }
        await raw.close()
    }

    private func hold(until end: ContinuousClock.Instant) async throws {
        let raw = try await RawConnection.connect(port: port)
        while !raw.isClosed, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(200)) }
        await raw.close()
    }

    private func ask(_ request: String, until end: ContinuousClock.Instant) async throws {
        let raw = try await RawConnection.connect(port: port)
        try await raw.pause()
        try await raw.send(request)
        while ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(200)) }
        await raw.close()
    }
}
