import Foundation
import Imaging
import TestKit
import Testing

struct CloudSearchTests {
    @Test(.contract(.openCVCloud, .documented)) func `a search is a list of persons with scores, best first`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        let collection = try await client.addCollection()
        let (obama, biden) = (uniqueWord(), uniqueWord())
        try await client.addPerson([.obama], ["id": obama, "collections": [collection]])
        try await client.addPerson([.biden], ["id": biden, "collections": [collection]])
        let image = try Photo.obama2.base64()
        for mode in ["FAST", "ACCURATE", nil] as [String?] {
            let reply = try await client.call(
                .POST, "search",
                [
                    "images": [image], "collection_id": collection, "search_mode": mode ?? NSNull(),
                    "min_score": NSNull(),
                    "max_results": NSNull(),
                ])
            #expect(reply.status == 200)
            #expect(reply.list.compactMap { $0["id"] as? String } == [obama])
            #expect(reply.list.first?.count == 11)
            let score = try #require(reply.list.first?["score"] as? Double)
            #expect(score > 0.85 && score < 1)
        }
        let everybody = try await client.call(
            .POST, "search", ["images": [image], "collection_id": collection, "min_score": "0"])
        let scores = everybody.list.compactMap { $0["score"] as? Double }
        #expect(everybody.list.compactMap { $0["id"] as? String } == [obama, biden])
        #expect(scores == scores.sorted(by: >) && scores[1] < 0.6)
        let one = try await client.call(
            .POST, "search", ["images": [image], "collection_id": collection, "min_score": 0, "max_results": 1])
        #expect(one.list.count == 1)
        let nobody = try await client.call(
            .POST, "search", ["images": [try Photo.personA1.base64()], "collection_id": collection])
        #expect(nobody.status == 200 && nobody.text == "[]")
        // Several pictures are of one person.
        let several = try await client.search(
            .obama2,
            [
                "images": [image, try Photo.obama3.base64(), try Photo.impostor1.base64()], "collection_id": collection,
            ])
        #expect(several == [obama])
        for (bytes, code) in [
            (try Pictures.plain(), "ERR_NO_FACES_FOUND"), (Array("no picture".utf8), "ERR_IMAGE_COULD_NOT_BE_DECODED"),
        ] {
            #expect(try await client.call(.POST, "search", ["images": [bytes.base64()]]).isFailure(400, code))
        }
        #expect(
            try await client.call(.POST, "search", ["images": ["/home/me/face.jpg!"]])
                .isFailure(400, "ERR_IMAGE_COULD_NOT_BE_DECODED"))
    }

    @Test(.contract(.openCVCloud, .documented)) func `the scores 0.70 and 0.81 tell people apart`() async throws {
        let client = try await OpenCVClient.shared()
        func score(_ one: Photo, _ other: Photo, _ mode: String) async throws -> Double {
            let reply = try await client.call(
                .POST, "compare",
                ["gallery": [try one.base64()], "probe": [try other.base64()], "search_mode": mode])
            #expect(reply.status == 200 && Set(reply.json.keys) == ["score"])
            return try #require(reply.json["score"] as? Double)
        }
        for mode in ["FAST", "ACCURATE"] {
            #expect(try await score(.obama, .obama2, mode) > 0.81)
            #expect(try await score(.personA1, .personA2, mode) > 0.81)
            #expect(try await score(.obama, .biden, mode) < 0.70)
            #expect(try await score(.personA1, .personB1, mode) < 0.70)
        }
        #expect(try await score(.obama, .obama, "FAST") == 1)
    }

    @Test(.contract(.openCVCloud, .observed))
    func `detect tells boxes, points and crops of all faces in whole numbers`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        let collection = try await client.addCollection()
        let id = uniqueWord()
        try await client.addPerson([.obama], ["id": id, "collections": [collection]])
        let image = try Pictures.eightFaces().base64()
        for search in [NSNull(), ["collection_id": collection, "search_mode": "ACCURATE"]] as [Any] {
            let reply = try await client.call(.POST, "detect", ["image": image, "search": search])
            #expect(reply.status == 200 && reply.list.count == 8)
            let scores = reply.list.compactMap { $0["detection_score"] as? Double }
            #expect(scores == scores.sorted(by: >))
            for face in reply.list {
                #expect(Set(face.keys) == ["box", "landmarks", "detection_score", "thumbnail", "persons"])
                let box = try #require(face["box"] as? [String: Int])
                #expect(Set(box.keys) == ["left", "top", "right", "bottom"])
                let points = try #require(face["landmarks"] as? [String: [Int]])
                #expect(Set(points.keys) == ["left_eye", "right_eye", "nose", "left_mouth", "right_mouth"])
                #expect(try #require(points["left_eye"]?[0]) < (try #require(points["right_eye"]?[0])))
            }
            let found = reply.list.filter { ($0["persons"] as? [[String: Any]])?.isEmpty == false }
            #expect(found.count == (search is NSNull ? 0 : 3))
        }
        let nobody = try await client.call(.POST, "detect", ["image": try Pictures.plain().base64()])
        #expect(nobody.status == 200 && nobody.text == "[]")
    }

    @Test(.contract(.openCVCloud, .observed)) func `crops of detect can be enrolled and searched, even coded anew`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        let collection = try await client.addCollection()
        func crop(_ photo: Photo) async throws -> [UInt8] {
            let reply = try await client.call(.POST, "detect", ["image": try photo.base64()])
            let text = try #require(reply.list.first?["thumbnail"] as? String)
            return [UInt8](try #require(Data(base64Encoded: text)))
        }
        let id = uniqueWord()
        let enrolled = try await client.call(
            .POST, "person/crops",
            ["id": id, "images": [try await crop(.obama).base64()], "collections": [collection]])
        #expect(enrolled.status == 201, "\(enrolled.text)")
        for photo in [Photo.obama2, .obama3, .obamaPNG, .obamaPartial2, .impostor1] {
            let sealed = try await crop(photo)
            // Clients decode crops and code them anew before they send them back.
            let anew = try EncodedImage(sealed).decode().picture.jpeg(quality: 75)
            for bytes in [sealed, anew] {
                for mode in ["FAST", "ACCURATE"] {
                    let reply = try await client.call(
                        .POST, "search/crops",
                        ["images": [bytes.base64()], "collection_id": collection, "search_mode": mode])
                    #expect(reply.status == 200, "\(photo): \(reply.text)")
                    #expect(reply.list.compactMap { $0["id"] as? String } == [id], "\(photo)")
                }
            }
        }
    }

    @Test(.contract(.openCVCloud, .decided)) func `what detect did not cut out is no crop`() async throws {
        let client = try await OpenCVClient.shared()
        let portrait = try EncodedImage(Photo.biden.bytes()).decode().picture
        let others: [[UInt8]] = [
            try Photo.biden.bytes(), try portrait.resized(width: 112, height: 112).jpeg(),
            try Picture.grey(width: 112, height: 112).jpeg(),
            try Picture.grey(width: 111, height: 112).jpeg(),
        ]
        for bytes in others {
            for path in ["search/crops", "person/crops"] {
                let reply = try await client.call(.POST, path, ["images": [bytes.base64()]])
                #expect(reply.isFailure(400, "ERR_NOT_STANDARD_CROP"), "\(reply.text)")
            }
        }
        let reply = try await client.call(.POST, "search/crops", ["images": [Array("x".utf8).base64()]])
        #expect(reply.isFailure(400, "ERR_IMAGE_COULD_NOT_BE_DECODED"))
    }

    @Test(.contract(.openCVCloud, .documented)) func `verify tells whether it is the person`() async throws {
        let client = try await OpenCVClient.shared()
        let id = uniqueWord()
        try await client.addPerson([.biden, .obama], ["id": id])
        func verify(_ photo: Photo, _ fields: [String: Any] = [:]) async throws -> HTTPReply {
            let body: [String: Any] = ["id": id, "images": [try photo.base64()]]
            return try await client.call(.POST, "verify", body.merging(fields) { $1 })
        }
        let same = try await verify(.obama2)
        let match = try #require(same.json["match"] as? [String: Any])
        #expect(match["id"] as? String == id && match.count == 11)
        #expect(try await verify(.obama3, ["verification_mode": "FAST"]).json["match"] is [String: Any])
        let several = [String](repeating: try Photo.obama2.base64(), count: 4)
        #expect(try await verify(.obama2, ["images": several]).json["match"] is [String: Any])
        let other = try await verify(.personA1)
        #expect(other.status == 200 && other.json["match"] is NSNull && other.json.count == 1)
        #expect(try await verify(.personA1, ["min_score": 0]).json["match"] is [String: Any])
        #expect(try await verify(.biden, ["id": uniqueWord()]).isFailure(404, "ERR_ENTITY_NOT_FOUND"))
    }

    @Test(.contract(.openCVCloud, .decided)) func `heads are counted as far as they show faces`() async throws {
        let client = try await OpenCVClient.shared()
        for (bytes, count) in [(try Pictures.eightFaces(), 8), (try Pictures.plain(), 0)] {
            let reply = try await client.call(.POST, "head-count", ["image": bytes.base64()])
            #expect(reply.status == 200 && reply.json as? [String: Int] == ["count": count])
        }
        let sure = try await client.call(
            .POST, "head-count", ["image": try Pictures.eightFaces().base64(), "confidence": 99])
        #expect(try #require(sure.json["count"] as? Int) < 8)
    }
}
