import Foundation
import Imaging
import TestKit
import Testing

struct EnfacePictureTests {
    @Test(.contract(.enfacePictures, .observed)) func `detect answers an array per picture in the order of upload`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let reply = try await client.form(
            "detect",
            [
                .photo(.obama, name: "images"), .file("images", Array("no picture".utf8)),
                .file("images", try Pictures.eightFaces()), .text("multi", "true"), .text("bbox", "true"),
                .text("thumb", "true"),
            ])
        #expect(reply.status == 200)
        let results = try #require(reply.json["results"] as? [[[String: Any]]])
        #expect(results.map(\.count) == [1, 0, 8])
        let face = try #require(results[0].first)
        #expect(Set(face.keys) == ["bbox", "thumb", "yaw", "pitch", "roll"])
        let areas = try results[2].map { face in
            let box = try #require(face["bbox"] as? [[Int]])
            return (box[1][0] - box[0][0]) * (box[1][1] - box[0][1])
        }
        // Corners are rounded to whole pixels.
        for (larger, smaller) in zip(areas, areas.dropFirst()) { #expect(Double(larger) > 0.98 * Double(smaller)) }
    }

    @Test(.contract(.enfacePictures, .observed)) func `detect takes one to a hundred pictures`() async throws {
        let client = try await EnfaceClient.shared()
        #expect(try await client.form("detect", []).isError(400, "no image attached"))
        let plain = try Collage(width: 64, height: 64).picture.jpeg()
        let many = [FormPart](repeating: .file("images", plain), count: 100)
        let reply = try await client.form("detect", many)
        #expect((reply.json["results"] as? [[Any]])?.count == 100)
        #expect(try await client.form("detect", many + [.file("images", plain)]).isError(400, "unexpected field"))
        #expect(try await client.form("detect", [.file("pictures", plain)]).isError(400, "unexpected field"))
    }

    @Test(.contract(.enfacePictures, .decided)) func `compare tells how alike the faces of two pictures are`()
        async throws
    {
        let client = try await EnfaceClient.shared()
        let same = try await client.form(
            "compare", [.photo(.personA2, name: "images"), .photo(.personA1, name: "images"), .text("bbox", "true")])
        #expect(same.status == 200)
        let score = try #require(same.json["score"] as? Double)
        #expect(score > 85)
        let face = try #require(same.list("image1").first)
        #expect(face["face"] as? Int == 0)
        #expect(face["bbox"] != nil)
        let match = try #require((face["matches"] as? [[String: Any]])?.first)
        #expect(match["score"] as? Double == score)
        #expect(try #require(match["distance"] as? Double) < 0.6)
        let different = try await client.form(
            "compare",
            [.photo(.personA2, name: "images"), .photo(.biden, name: "images"), .text("threshold", "80")])
        #expect(try #require(different.json["score"] as? Double) < 80)
        #expect((different.list("image1").first?["matches"] as? [Any])?.isEmpty ?? false)
        let group = try await client.form(
            "compare",
            [.photo(.obama, name: "images"), .file("images", try Pictures.eightFaces()), .text("multi", "true")])
        #expect((group.list("image1").first?["matches"] as? [Any])?.count == 8)
        #expect(group.list("image2").count == 8)
        let none = try await client.form(
            "compare", [.photo(.obama, name: "images"), .file("images", try Pictures.plain())])
        #expect(none.message == "no faces found")
        #expect(none.json["score"] is NSNull)
    }

    @Test(.contract(.enfacePictures, .decided)) func `compare needs two pictures`() async throws {
        let client = try await EnfaceClient.shared()
        #expect(try await client.form("compare", []).isError(400, "no image attached"))
        let photo = try FormPart.photo(.obama, name: "images")
        #expect(try await client.form("compare", [photo]).isError(400, "invalid schema"))
        #expect(try await client.form("compare", [photo, photo, photo]).isError(400, "invalid schema"))
        #expect(
            try await client.form("compare", [photo, photo, .text("threshold", "x")]).isError(400, "invalid schema"))
    }

    @Test(.contract(.enfacePictures, .documented)) func `a request beyond ten megabytes is too large`() async throws {
        let client = try await EnfaceClient.shared()
        let reply = try await client.form(
            "detect", [.file("images", [UInt8](repeating: 1, count: 11 << 20))])
        #expect(reply.isError(413, "request is too large"))
    }

    @Test(.contract(.enfacePictures, .observed)) func `small faces are counted but not worked on`() async throws {
        let client = try await EnfaceClient.shared()
        var picture = Collage(width: 900, height: 500)
        let photo = try EncodedImage(Photo.obama.bytes()).decode(longestSideAtLeast: 800).picture
        let large = photo.resized(width: 400 * photo.width / photo.height, height: 400)
        let small = photo.resized(width: 90 * photo.width / photo.height, height: 90)
        picture.paste(large, x: 0, y: 0)
        picture.paste(small, x: 700, y: 100)
        let file = try picture.picture.jpeg()
        let list = try await client.makeList()
        let reply = try await client.enrol(file, into: list, [.text("multi", "true")])
        #expect(reply.json["faces_total"] as? Int == 2, "\(reply.text)")
        #expect(reply.message == "1 face(s) successfully processed")
        var alone = Collage(width: 900, height: 500)
        alone.paste(small, x: 700, y: 100)
        let refused = try await client.enrol(try alone.picture.jpeg(), into: list)
        #expect(refused.message == "1 faces detected, but they are too small")
        #expect(refused.json["persons_total"] as? Int == 0)
    }

    @Test(.contract(.enfacePictures, .decided)) func `browsers may ask from other places`() async throws {
        let client = try await EnfaceClient.shared()
        let preflight = try await client.server.client.request(.OPTIONS, "/v1/detect")
        #expect(preflight.status == 204)
        #expect(preflight.headers["Access-Control-Allow-Origin"] == ["*"])
        #expect(preflight.headers["Access-Control-Allow-Headers"].first?.contains("token") ?? false)
        let unknown = try await client.post("nothing")
        #expect(unknown.status == 404)
        #expect(unknown.json["status"] as? String == "error")
        let verb = try await client.send(.GET, "detect", nil, token: client.token)
        #expect(verb.status == 405)
        #expect(verb.headers["Allow"] == ["POST"])
    }
}

/// The size that a picture's header tells.
struct PictureSize: Equatable {
    let width: Int
    let height: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    init(of bytes: [UInt8]) throws {
        let image = try EncodedImage(bytes)
        self.init(width: image.width, height: image.height)
    }
}
