import Foundation
import NIOHTTP1
import TestKit
import Testing

struct GetImageTests {
    @Test(.contract(.getImage, .observed)) func `a reference photo comes back byte for byte`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create(photo: .personB2)
        let image = try #require(try await client.person(id)?["ImageId"] as? String)
        let reply = try await client.image(image)
        #expect(reply.status == 200)
        #expect(reply.body == (try Photo.personB2.bytes()))
        #expect(reply.headers["Content-Type"] == ["image/jpeg"])
        #expect(reply.headers["ETag"] == ["\"\(image)\""])
        #expect(reply.headers["Cache-Control"] == ["private, max-age=86400"])
        #expect(reply.headers["Content-Length"] == ["\(reply.body.count)"])
    }

    @Test(.contract(.getImage, .observed)) func `the address has several forms`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create()
        let image = try #require(try await client.person(id)?["ImageId"] as? String)
        for path in [
            "/firserver/GetImage/1/\(image.lowercased())", "/firserver/getimage/1/\(image)/?size=1",
            "/firserver/GetImage/1/%7B\(image)%7D", "/web2/secure/face/1/firserver/GetImage/1/\(image)",
            "/firserver/GetImage/1/\(id)",
        ] {
            let reply = try await client.server.client.request(.GET, path, headers: ["Accept": "image/*"])
            #expect(reply.status == 200, "\(path)")
            #expect(reply.body == (try Photo.personA1.bytes()), "\(path)")
        }
    }

    @Test(.contract(.getImage, .decided)) func `HEAD tells the same without the bytes`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create()
        let raw = try await RawConnection.connect(port: client.server.port)
        try await raw.send("HEAD /firserver/GetImage/1/\(id) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try await raw.waits(for: "\r\n\r\n"))
        #expect(raw.received.hasPrefix("HTTP/1.1 200"))
        #expect(raw.received.lowercased().contains("content-length: \(try Photo.personA1.bytes().count)\r\n"))
        try await Task.sleep(for: .milliseconds(100))
        #expect(raw.received.hasSuffix("\r\n\r\n"))
    }

    @Test(.contract(.getImage, .decided)) func `pictures of other formats become JPEG`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create(photo: .obamaPNG)
        let reply = try await client.image(id)
        #expect(reply.headers["Content-Type"] == ["image/jpeg"])
        #expect(reply.body.starts(with: [0xFF, 0xD8, 0xFF]))
    }

    @Test(
        .contract(.getImage, .observed),
        arguments: [
            "1/5D2F0B44-7A3E-4C19-9C55-20F1B6A7E001", "1/x", "1/", "1", "", "1/1",
            "1/5D2F0B44-7A3E-4C19-9C55-20F1B6A7E001/x",
        ])
    func `an unknown picture is 404 and no picture`(path: String) async throws {
        let reply = try await RunningServer.shared().client.request(.GET, "/firserver/GetImage/\(path)")
        #expect(reply.status == 404)
        #expect(reply.headers["Content-Type"].first?.hasPrefix("image/") != true)
    }

    @Test(.contract(.getImage, .decided)) func `another server has no pictures`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create()
        #expect(try await client.image(id, server: "2").status == 404)
    }
}
