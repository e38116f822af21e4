import Foundation
import Imaging
import NIOHTTP1
import TestKit
import Testing

/// What clients together may ask of a server, and how each dialect says that it is too much.
struct LimitTests {
    /// A request of which the body is begun and not ended.
    private static func head(_ path: String, _ headers: String, length: Int, verb: String = "POST") -> String {
        "\(verb) \(path) HTTP/1.1\r\nHost: localhost\r\n\(headers)Content-Length: \(length)\r\n\r\n"
    }

    private static func basic(_ text: String) -> String {
        "Authorization: Basic \(Data(text.utf8).base64EncodedString())\r\n"
    }

    @Test(.contract(.transport, .decided))
    func `where bodies find no memory each dialect answers 503 in its own form before it reads them`() async throws {
        let enfaceToken = "2b0d7f2a-5b1e-11f0-8a39-0242ac120002"
        let server = try await RunningServer(
            arguments: [
                "--http-body-limit", "1000000", "--http-bodies-mb", "3", "--enface-token", enfaceToken,
                "--face-intellect-authentication", "true", "--face-intellect-users", "1:1",
            ] + OpenCVClient.keyArguments)
        let length = 900_000
        let headers = [
            "/firserver/FindFaces": Self.basic("1:1"), "/enface/v1/detect": "token: \(enfaceToken)\r\n",
            "/opencv/search": "x-api-key: \(OpenCVClient.key)\r\n",
            "/opencv-server/face-search": "x-api-key: \(OpenCVClient.key)\r\n",
        ]
        // One that is as good as there fills what large bodies may have.
        let holder = try await RawConnection.connect(port: server.port)
        try await holder.send(Self.head("/firserver/FindFaces", Self.basic("1:1"), length: length))
        try await holder.send([UInt8](repeating: 32, count: length - 1))
        try await Task.sleep(for: .milliseconds(500))
        for (path, header) in headers {
            let late = try await RawConnection.connect(port: server.port)
            try await late.send(Self.head(path, header, length: length))
            #expect(try await late.waitsForClose(), "\(path)")
            let answer = late.received
            #expect(answer.hasPrefix("HTTP/1.1 503"), "\(path): \(answer)")
            #expect(answer.lowercased().contains("retry-after: 1"), "\(path)")
            let form =
                switch path {
                case "/firserver/FindFaces": #""FaceList":[]"#
                case "/enface/v1/detect": #"{"status":"error","message":"server is busy, please try again"}"#
                default: #"{"code":"ERR_MAINTENANCE_MODE","message":"#
                }
            #expect(answer.contains(form), "\(answer)")
        }
        await holder.close()
        try await Task.sleep(for: .milliseconds(300))
        let again = try await RawConnection.connect(port: server.port)
        try await again.send(Self.head("/firserver/FindFaces", Self.basic("1:1"), length: length))
        try await again.send([UInt8](repeating: 32, count: length))
        #expect(try await again.waits(for: "HTTP/1.1 400"))
        #expect(await server.stop() == 0)
    }

    @Test(.contract(.authentication, .decided))
    func `nobody's body is read without a key, a password or a token`() async throws {
        let server = try await RunningServer(
            arguments: ["--face-intellect-authentication", "true"] + OpenCVClient.keyArguments)
        let form = "Content-Type: multipart/form-data; boundary=b\r\n"
        for (path, header, verb) in [
            ("/firserver/FindFaces", Self.basic("1:2"), "POST"), ("/firserver/CreatePerson", "", "POST"),
            ("/opencv/person", "x-api-key: wrong\r\n", "POST"), ("/opencv/person", "", "PATCH"),
            ("/opencv-server/face-search", "", "POST"), ("/compare", "", "POST"),
            ("/compare", "x-api-key: wrong\r\n", "POST"),
            ("/enface/v1/detect", form + "token: wrong\r\n", "POST"),
            ("/enface/v1/persons", "Authorization: Bearer wrong\r\n", "POST"),
            ("/neurovision/v1/detect", form + "token: wrong\r\n", "POST"),
        ] {
            let raw = try await RawConnection.connect(port: server.port)
            try await raw.send(Self.head(path, header, length: 30_000_000, verb: verb))
            // Not a byte of the body is sent, and the refusal comes all the same.
            #expect(try await raw.waitsForClose(within: .seconds(10)), "\(path)")
            #expect(
                ["401", "403", "404"].contains { raw.received.hasPrefix("HTTP/1.1 \($0)") }, "\(path): \(raw.received)")
        }
        // A token in the body is looked for in its first part, which is all that a stranger may send.
        let part = "--b\r\nContent-Disposition: form-data; name=\"images\"; filename=\"x\"\r\n\r\n"
        let stranger = try await RawConnection.connect(port: server.port)
        try await stranger.send(Self.head("/enface/v1/detect", form, length: 30_000_000) + part)
        try await stranger.send([UInt8](repeating: 97, count: 100_000))
        #expect(try await stranger.waitsForClose(within: .seconds(10)))
        #expect(
            ["401", "413"].contains { stranger.received.hasPrefix("HTTP/1.1 \($0)") }, "\(stranger.received)")
        #expect(await server.stop() == 0)
    }

    @Test(.contract(.enfaceUsers, .decided))
    func `a token in the body of a large form has to stand before the pictures`() async throws {
        let client = try await EnfaceClient.shared()
        let photo = try Photo.obama3.bytes()
        #expect(photo.count > 64 << 10)
        let first = try await client.form(
            "detect", [.text("token", client.token), .file("images", photo)], token: .some(nil))
        #expect(first.status == 200, "\(first.text)")
        let last = try await client.form(
            "detect", [.file("images", photo), .text("token", client.token)], token: .some(nil))
        #expect(last.status == 401)
    }

    @Test(.contract(.deletePersons, .decided))
    func `more ids than twenty thousand are refused, and as many are read within a second`() async throws {
        let client = try await FaceIntellectClient.shared()
        for method in ["ReadPersons", "DeletePersons"] {
            for id in [{ UUID().uuidString }, { "\(UInt64.random(in: 1_000_000_000_000 ... .max))" }] {
                let ids = (0..<20_000).map { _ in id() }
                let start = ContinuousClock.now
                let reply = try await client.call(method, ["id": ids, "pageSize": 100_000])
                #expect(
                    reply.status == 200 && ContinuousClock.now - start < .seconds(2), "\(ContinuousClock.now - start)")
                let refused = try await client.call(method, ["id": ids + [id()]])
                #expect(refused.status == 400)
                #expect(refused.text.contains("too many elements"), "\(refused.text)")
            }
        }
        let cameras = try await client.call("GetProtocols", ["cameraIds": (0...20_000).map(String.init)])
        #expect(cameras.status == 400 && cameras.json["ProtocolsTotal"] as? Int == 0)
    }

    @Test(.contract(.createPerson, .decided))
    func `a text of a person has 16384 bytes at most`() async throws {
        let client = try await FaceIntellectClient.shared()
        let photo = try Photo.personA1.base64()
        func create(_ length: Int) async throws -> HTTPReply {
            try await client.call(
                "CreatePerson",
                ["surname": "L", "department": "", "comment": String(repeating: "c", count: length), "image": photo])
        }
        #expect(try await create(16_384).code == "SUCCESS")
        #expect(try await create(16_385).code == "FAILED_TO_ADD_PERSON")
    }

    @Test(.contract(.platform, .decided))
    func `a page of persons with large photos goes out one by one`() async throws {
        let server = try await RunningServer(arguments: [])
        let client = FaceIntellectClient(server: server)
        // A small picture with 12 MB of comments in it.
        let small = try Photo.personA1.bytes()
        let comments = (0..<190).flatMap { _ in [0xFF, 0xFE, 0xFF, 0xFF] + [UInt8](repeating: 97, count: 65_533) }
        let photo = small[..<2] + comments + small[2...]
        for number in 0..<12 {
            let reply = try await client.call(
                "CreatePerson",
                ["id": "\(9000 + number)", "surname": "Large", "department": "", "image": Array(photo).base64()])
            #expect(reply.code == "SUCCESS", "\(reply.text.prefix(300))")
        }
        let before = try server.residentMegabytes()
        let reader = try await RawConnection.connect(port: server.port)
        try await reader.send(
            "GET /web2/secure/persons?count=1000 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        var highest = before
        while !reader.isClosed {
            highest = max(highest, try server.residentMegabytes())
            try await Task.sleep(for: .milliseconds(5))
        }
        let size = reader.receivedBytes.count >> 20
        print("a page of \(size) MiB: resident \(before) MiB before, \(highest) MiB at most")
        #expect(size > 180 && reader.received.hasSuffix("]\r\n0\r\n\r\n"))
        #expect(highest < before + 120, "\(before) MiB before, \(highest) MiB at most")
        #expect(await server.stop() == 0)
    }

    @Test(.contract(.findFaces, .decided))
    func `a request that waits longer than half a minute leaves the queue`() async throws {
        let server = try await RunningServer(arguments: [
            "--http-request-seconds", "1", "--analysis-threads", "1", "--analysis-cache", "0",
        ])
        let client = FaceIntellectClient(server: server)
        let image = try Photo.obama3.base64()
        let start = ContinuousClock.now
        let replies = try await withThrowingTaskGroup(of: (HTTPReply, Duration).self) { group in
            for _ in 0..<120 {
                group.addTask {
                    let reply = try await client.call("FindFaces", ["image": image])
                    return (reply, ContinuousClock.now - start)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let late = replies.filter { $0.0.status == 503 }
        #expect(!late.isEmpty && late.count < replies.count)
        #expect(late.allSatisfy { $0.0.code == "SERVER_NOT_READY" && $0.0.headers["Retry-After"] == ["1"] })
        #expect(replies.allSatisfy { $0.1 < .seconds(15) }, "\(replies.map(\.1).max() ?? .zero)")
        #expect(await server.stop() == 0)
    }

    @Test(.contract(.authentication, .decided))
    func `a good login behind forty wrong ones is answered within a second`() async throws {
        let server = try await RunningServer(arguments: [
            "--face-intellect-authentication", "true", "--face-intellect-users", "gate:right",
        ])
        func status(_ credentials: String) async throws -> Int {
            try await HTTPClient(port: server.port).request(
                .POST, "/firserver/ReadPersons",
                headers: ["Authorization": "Basic \(Data(credentials.utf8).base64EncodedString())"],
                body: Array("{}".utf8)
            ).status
        }
        let wrong = (0..<40).map { number in Task { try await status("gate:wrong \(number)") } }
        try await Task.sleep(for: .milliseconds(200))
        let start = ContinuousClock.now
        #expect(try await status("gate:right") == 200)
        let duration = ContinuousClock.now - start
        print("a good login behind 40 wrong ones: \(duration)")
        #expect(duration < .seconds(1), "\(duration)")
        for task in wrong {
            let status = try await task.value
            #expect(status == 401 || status == 503, "\(status)")
        }
        #expect(await server.stop() == 0)
    }
}
