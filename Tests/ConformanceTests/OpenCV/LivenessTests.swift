import Crypto
import Foundation
import Imaging
import TestKit
import Testing

struct LivenessTests {
    /// A picture that meets every rule.
    private static func good() throws -> [UInt8] { try Photo.obama.bytes() }

    private static func isMarked(_ reply: HTTPReply) -> Bool { reply.headers["X-Firserver-Emulated"] == ["liveness"] }

    @Test(.contract(.openCVCloud, .decided)) func `without a network every liveness score is scripted and marked`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        let image = try Self.good().base64()
        let id = uniqueWord()
        try await client.addPerson([.obama2], ["id": id])
        let alone = try await client.call(.POST, "liveness", ["image": image, "os": "ANDROID"])
        #expect(alone.status == 200 && alone.json as? [String: Double] == ["liveness_score": 0.99], "\(alone.text)")
        #expect(Self.isMarked(alone))
        let found = try await client.call(
            .POST, "search-live-face",
            ["image": image, "search_mode": "ACCURATE", "min_score": 0.7, "max_results": 100])
        #expect(found.status == 200 && found.json["liveness_score"] as? Double == 0.99 && Self.isMarked(found))
        #expect(found.list("persons").contains { $0["id"] as? String == id })
        let compared = try await client.call(
            .POST, "compare-live-face",
            ["probe": image, "gallery": [try Photo.obama2.base64()], "liveness_min_score": 1, "os": "DESKTOP"])
        // A text, unlike everywhere else.
        #expect(compared.status == 200 && compared.json["liveness_score"] as? String == "0.99")
        #expect(try #require(compared.json["score"] as? Double) > 0.81 && Self.isMarked(compared))
        let ready = try await client.server.client.request(.GET, "/readyz")
        #expect(ready.status == 200 && ready.text.contains("emulated: liveness"))
        #expect(try await !Self.isMarked(client.call(.POST, "head-count", ["image": image])))
    }

    @Test(.contract(.openCVCloud, .observed)) func `a live face that nobody has is not found`() async throws {
        let client = try await OpenCVClient.shared()
        let collection = try await client.addCollection()
        let reply = try await client.call(
            .POST, "search-live-face", ["image": try Self.good().base64(), "collection_id": collection])
        #expect(reply.isFailure(404, "ERR_ENTITY_NOT_FOUND"))
    }

    /// Pictures that break one rule each.
    enum Unsuitable: String, CaseIterable, Sendable {
        case nobody, crowd, small, cropped, nearBorder, close, turned, blurry, undecodable

        func bytes() throws -> [UInt8] {
            switch self {
            case .nobody: try Pictures.plain()
            case .crowd: try Pictures.eightFaces()
            case .small: try Pictures.portrait(.obama, width: 900, height: 900, faceHeight: 400)
            // The photo's left part, and with it a part of the face, lies outside.
            case .cropped: try Self.cut(.obama2, share: 0.36)
            case .nearBorder: try Self.cut(.obama, share: 0.397)
            case .close: try Self.close()
            case .turned: try Self.turned()
            case .blurry:
                try Pictures.portrait(.obama, width: 910, height: 1137, faceHeight: 1137, blurredBy: 18)
            case .undecodable: Array("x".utf8)
            }
        }

        /// A photo without a share of its left side.
        private static func cut(_ photo: Photo, share: Double) throws -> [UInt8] {
            let picture = try EncodedImage(photo.bytes()).decode().picture
            let wide = picture.resized(width: 1000, height: picture.height * 1000 / picture.width)
            var collage = Collage(width: wide.width - Int(share * 1000), height: wide.height)
            let rest = wide.part(
                .init(x: Float(share * 1000), y: 0, width: Float(collage.width), height: Float(wide.height)))
            collage.paste(try #require(rest), x: 0, y: 0)
            return try collage.picture.jpeg()
        }

        /// Nothing but a face.
        private static func close() throws -> [UInt8] {
            let picture = try EncodedImage(Photo.obama.bytes()).decode().picture
            let face = try #require(picture.part(.init(x: 365, y: 85, width: 250, height: 340)))
            return try face.resized(width: 500, height: 680).jpeg()
        }

        /// A face that looks aside already, the far half of it half as wide: as if it were turned farther.
        private static func turned() throws -> [UInt8] {
            let picture = try EncodedImage(Photo.obama2.bytes()).decode().picture
            let height = Float(picture.height)
            let far = try #require(picture.part(.init(x: 0, y: 0, width: 277, height: height)))
            let near = try #require(
                picture.part(.init(x: 277, y: 0, width: Float(picture.width - 277), height: height)))
            var collage = Collage(width: 138 + near.width, height: picture.height)
            collage.paste(far.resized(width: 138, height: picture.height), x: 0, y: 0)
            collage.paste(near, x: 138, y: 0)
            return try collage.picture.jpeg()
        }
    }

    @Test(.contract(.openCVCloud, .documented), arguments: Unsuitable.allCases)
    func `what liveness cannot be told of is refused with the reason`(picture: Unsuitable) async throws {
        let client = try await OpenCVClient.shared()
        let codes: [Unsuitable: Set<String>] = [
            .nobody: ["ERR_NO_FACES_FOUND"], .crowd: ["ERR_MULTIPLE_FACES"], .small: ["ERR_FACE_TOO_SMALL"],
            .cropped: ["ERR_FACE_CROPPED"], .nearBorder: ["ERR_FACE_EDGES_NOT_VISIBLE"],
            .close: ["ERR_FACE_TOO_CLOSE", "ERR_FACE_CROPPED"], .turned: ["ERR_FACE_ROTATION"],
            .blurry: ["ERR_BLURRY_IMAGE"], .undecodable: ["ERR_IMAGE_COULD_NOT_BE_DECODED"],
        ]
        let image = try picture.bytes().base64()
        let gallery = [try Photo.biden.base64()]
        for (path, body) in [
            ("liveness", ["image": image]), ("search-live-face", ["image": image]),
            ("compare-live-face", ["probe": image, "gallery": gallery]),
        ] as [(String, [String: Any])] {
            let reply = try await client.call(.POST, path, body)
            #expect(reply.status == 400 && codes[picture]?.contains(reply.failure ?? "") == true, "\(reply.text)")
        }
    }

    @Test(.contract(.openCVServer, .documented), arguments: Unsuitable.allCases)
    func `the FR Server refuses such pictures where liveness is to be checked`(picture: Unsuitable) async throws {
        let client = try await OpenCVClient.shared()
        let collection = try await client.addNamedCollection()
        let codes: [Unsuitable: Set<String>] = [
            .nobody: ["FACE_NOT_FOUND"], .crowd: ["TOO_MANY_FACES"], .small: ["FACE_TOO_SMALL"],
            .cropped: ["FACE_CROPPED"], .nearBorder: ["FACE_CLOSE_TO_BORDER"],
            .close: ["FACE_TOO_CLOSE", "FACE_CROPPED"], .turned: ["FACE_ANGLE_TOO_LARGE"],
        ]
        let reply = try await client.put(
            .biden, id: "1", in: collection,
            ["face_base_64": try picture.bytes().base64(), "check_liveness": true])
        switch picture {
        case .blurry: #expect(reply.status == 200)
        case .undecodable: #expect(reply.isFailure(400, "ERR_INVALID_IMAGE"))
        default:
            #expect(reply.isFailure(400, "ERR_LIVENESS_ERROR"), "\(reply.text)")
            let code = (reply.json["metadata"] as? [String: String])?["code"] ?? ""
            #expect(codes[picture]?.contains(code) == true, "\(code)")
        }
        #expect(
            try await client.frServer.call(.DELETE, "collection", ["name": collection]).json["num_persons"] as? Int
                == (picture == .blurry ? 1 : 0))
    }

    @Test(.contract(.openCVServer, .documented)) func `a face that does not live is not let in`() async throws {
        try await OpenCVClient.with(["--opencv-liveness-score", "0.2"]) { client in
            let image = try Self.good().base64()
            // The cloud API tells the score and lets the caller decide.
            #expect(try await client.call(.POST, "liveness", ["image": image]).json["liveness_score"] as? Double == 0.2)
            let collection = try await client.addNamedCollection()
            let fields: [String: Any] = ["face_base_64": image, "check_liveness": true]
            let refused = try await client.put(.biden, id: "1", in: collection, fields)
            #expect(refused.isFailure(400, "ERR_LIVENESS_ERROR") && Self.isMarked(refused))
            #expect(refused.json["metadata"] as? [String: String] == ["code": "FACE_NOT_LIVE"])
            let body = fields.merging(["collection_name": collection, "ref_face_base_64": image]) { $1 }
            for path in ["face-search", "multi-face-search", "compare"] {
                let reply = try await client.frServer.call(.POST, path, body)
                #expect(reply.isFailure(400, "ERR_LIVENESS_ERROR"), "\(path): \(reply.text)")
            }
            #expect(try await client.put(.biden, id: "1", in: collection).status == 200)
        }
    }

    @Test(.contract(.openCVCloud, .decided)) func `with a network the score is measured and nothing is marked`()
        async throws
    {
        try await withTemporaryDirectory { folder in
            let network = MadeNetwork.planeMeans(side: 80)
            let sum = SHA256.hash(data: Data(network)).map { String(format: "%02x", $0) }.joined()
            try Data(network).write(to: URL(filePath: "\(folder)/made.onnx"))
            let manifest = """
                {"name":"made","file":"made.onnx","sha256":"\(sum)","crop":2.7,"classes":3,"live":0,
                 "givesProbabilities":true,"input":{"side":80,"channels":"rgb","mean":0,"scale":0.00392156862745098}}
                """
            try Data(manifest.utf8).write(to: URL(filePath: "\(folder)/liveness.json"))
            try await OpenCVClient.with(["--opencv-liveness-manifest", "\(folder)/liveness.json"]) { client in
                let reply = try await client.call(.POST, "liveness", ["image": try Self.good().base64()])
                let score = try #require(reply.json["liveness_score"] as? Double)
                // The mean of red around the face: grey canvas, skin, suit.
                #expect(0.2...0.7 ~= score && score != 0.99)
                #expect(!Self.isMarked(reply))
                #expect(try await client.server.client.request(.GET, "/readyz").text.contains("emulated") == false)
            }
        }
    }
}
