import Foundation
import TestKit
import Testing

/// HEAD on a connection that is kept: its answer has no body, so that the next one is read from its beginning.
struct HeadTests {
    /// Paths of all dialects: those where GET works, those where it does not, and those that do not exist.
    private static let paths = [
        "/healthz", "/readyz", "/nowhere", "/", "/firserver/FaceErrorDescriptions", "/firserver/ReadPersons",
        "/firserver/GetImage/1/7d2f0b44-7a3e-4c19-9c55-20f1b6a7e001", "/firserver/Unknown", "/web2/secure/persons",
        "/web2/secure/configuration", "/web2/secure/configuration/FIRSERVER:1", "/web2/secure/configuration/x",
        "/web2/secure/events", "/web2/secure/ws/events", "/enface/v1/tokens", "/enface/v1/person/lists",
        "/enface/v1/source/groups", "/enface/v1/person", "/enface/v1/nowhere", "/enface/v1/images/x/y/z",
        "/neurovision/v1/sources", "/v1/person/lists", "/opencv/collections", "/opencv/persons",
        "/opencv/person/nobody",
        "/opencv/search", "/opencv/docs", "/opencv/openapi.json", "/opencv/nowhere", "/opencv-server/collections",
        "/opencv-server/persons", "/opencv-server/person", "/collections", "/persons", "/compare", "/emulator",
        "/emulator/cameras", "/emulator/settings", "/emulator/clock/advance", "/emulator/nowhere",
    ]

    @Test(.contract(.transport, .decided)) func `HEAD is answered as GET is, without the body`() async throws {
        let server = try await AllDialects.start()
        let connection = AnswerReader(try await RawConnection.connect(port: server.port))
        for path in Self.paths {
            let head = try await connection.ask("HEAD", path)
            let get = try await connection.ask("GET", path)
            #expect(head.status == get.status, "\(path)")
            #expect(head.length == get.length && get.length == get.body.utf8.count, "\(path)")
            #expect(head.length != nil, "\(path)")
        }
        // The journal tells the verb that was used, and its own answer comes last.
        let journal = try await connection.ask("GET", "/emulator/journal?limit=5000")
        #expect(journal.body.contains(#""verb":"HEAD","path":"/firserver/ReadPersons""#))
        #expect(await server.stop() == 0)
    }

    @Test(.contract(.transport, .decided)) func `an answer that must have no body has none`() async throws {
        let server = try await AllDialects.start()
        let emulator = EmulatorClient(server: server)
        let connection = AnswerReader(try await RawConnection.connect(port: server.port))
        for status in [204, 304] {
            let fault: [String: Any] = [
                "kind": "status", "status": status, "body": "not to be seen", "method": "ReadPersons", "count": 1,
            ]
            #expect(try await emulator.call(.POST, "faults", fault).status == 201)
            #expect(try await connection.ask("POST", "/firserver/ReadPersons", hasBody: false).status == status)
            #expect(try await connection.ask("GET", "/healthz").body == "ok\n")
        }
        #expect(await server.stop() == 0)
    }
}

/// Reads the answers of a connection one after the other.
private final class AnswerReader {
    struct Answer {
        let status: Int
        /// What `Content-Length` says.
        let length: Int?
        let body: String
    }

    struct Torn: Error {
        let text: String
    }

    private let raw: RawConnection
    /// How many bytes belong to answers that were read.
    private var offset = 0

    init(_ raw: RawConnection) { self.raw = raw }

    /// Sends a request without a body and reads its answer.
    ///
    /// - Parameter hasBody: whether the answer may have one; never for HEAD.
    func ask(_ verb: String, _ path: String, hasBody: Bool = true) async throws -> Answer {
        try await raw.send(
            """
            \(verb) \(path) HTTP/1.1\r\nHost: localhost\r\ntoken: \(AllDialects.token)\r\nx-api-key: \(AllDialects.key)\r
            Content-Length: 0\r\n\r\n
            """)
        let head = try await head()
        let lines = head.components(separatedBy: "\r\n")
        guard lines[0].hasPrefix("HTTP/1.1 "), let status = Int(lines[0].dropFirst(9).prefix(3)) else {
            throw Torn(text: head)
        }
        let length = lines.first { $0.lowercased().hasPrefix("content-length:") }.flatMap {
            Int($0.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces))
        }
        let size = hasBody && verb != "HEAD" ? length ?? 0 : 0
        let bytes = try await raw.bytes(count: offset + size)
        guard bytes.count >= offset + size else { throw Torn(text: head) }
        let body = String(decoding: bytes[offset..<offset + size], as: UTF8.self)
        offset += size
        return Answer(status: status, length: length, body: body)
    }

    private func head() async throws -> String {
        let end = Array("\r\n\r\n".utf8)
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let bytes = try await raw.bytes(count: offset + end.count, within: .seconds(30))
            if let range = bytes[offset...].firstRange(of: end) {
                defer { offset = range.upperBound }
                return String(decoding: bytes[offset..<range.lowerBound], as: UTF8.self)
            }
            guard !raw.isClosed, ContinuousClock.now < deadline else {
                throw Torn(text: String(decoding: bytes[offset...], as: UTF8.self))
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
