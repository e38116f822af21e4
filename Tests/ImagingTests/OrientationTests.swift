import CSPNG
import Imaging
import Testing

struct OrientationTests {
    /// Where the top left, top right and bottom left corners of the upright picture are stored, from the words of the
    /// EXIF standard: which side of the scene row 0 and column 0 show.
    static let corners: [(orientation: Int, corners: [[Int]])] = [
        (1, [[0, 0], [1, 0], [0, 1]]), (2, [[1, 0], [0, 0], [1, 1]]),
        (3, [[1, 1], [0, 1], [1, 0]]), (4, [[0, 1], [1, 1], [0, 0]]),
        (5, [[0, 0], [0, 1], [1, 0]]), (6, [[0, 1], [0, 0], [1, 1]]),
        (7, [[1, 1], [1, 0], [0, 1]]), (8, [[1, 0], [1, 1], [0, 0]]),
    ]

    @Test(arguments: corners)
    func `each orientation is applied`(orientation: Int, corners: [[Int]]) throws {
        let stored = Picture.gradient(width: 96, height: 40)
        for bigEndian in [false, true] {
            let bytes = MadeJPEG.oriented(try stored.jpeg(quality: 100), orientation, bigEndian: bigEndian)
            let image = try EncodedImage(bytes)
            #expect(image.orientation.rawValue == orientation)
            #expect((image.storedWidth, image.storedHeight) == (96, 40))
            let picture = try image.decode().picture
            #expect((picture.width, picture.height) == (orientation < 5 ? (96, 40) : (40, 96)))
            #expect((image.width, image.height) == (picture.width, picture.height))
            let (right, bottom) = (picture.width - 1, picture.height - 1)
            for (place, corner) in zip([(0, 0), (right, 0), (0, bottom)], corners) {
                let wanted = stored.colour(corner[0] * 95, corner[1] * 39)
                let found = picture.colour(place.0, place.1)
                #expect(zip(wanted, found).allSatisfy { abs($0 - $1) < 12 }, "corner \(place)")
            }
        }
    }

    @Test func `reduced pictures are turned too`() throws {
        let bytes = MadeJPEG.oriented(try Picture.gradient(width: 101, height: 40).jpeg(), 6)
        let (picture, scale) = try EncodedImage(bytes).decode(longestSideAtLeast: 51)
        #expect((picture.width, picture.height, scale) == (20, 51, 0.5))
    }

    @Test func `a PNG can have an orientation`() throws {
        let stored = Picture.gradient(width: 50, height: 34)
        var png = MadePNG(width: 50, height: 34, colourType: SPNG_COLOR_TYPE_TRUECOLOR)
        png.exif = MadeJPEG.tiff(orientation: 8, bigEndian: true)
        let picture = try EncodedImage(png.encode(stored.pixels)).decode().picture
        #expect((picture.width, picture.height) == (34, 50))
        #expect(picture.colour(0, 0) == stored.colour(49, 0))
        #expect(picture.colour(0, 49) == stored.colour(0, 0))
        #expect(picture.colour(33, 0) == stored.colour(49, 33))
        #expect(picture.colour(7, 11) == stored.colour(49 - 11, 7))
    }

    @Test(arguments: [0, 9, 65_535])
    func `an orientation that does not exist changes nothing`(orientation: Int) throws {
        let bytes = MadeJPEG.oriented(try Picture.gradient(width: 24, height: 8).jpeg(), orientation)
        #expect(try EncodedImage(bytes).orientation == .upright)
    }

    @Test func `an EXIF block cut anywhere changes nothing or is understood`() throws {
        let block = MadeJPEG.tiff(orientation: 6, bigEndian: false)
        let file = try Picture.gradient(width: 24, height: 8).jpeg()
        for length in 0...block.count {
            let payload = Array("Exif\0\0".utf8) + block[..<length]
            let image = try EncodedImage(MadeJPEG.splice(marker: 0xE1, payload, into: file))
            // The value ends 6 bytes before the block does: 2 bytes of padding and the link to a next directory.
            #expect(image.orientation == (length >= block.count - 6 ? .clockwise : .upright))
        }
    }

    @Test func `an EXIF block that points outside changes nothing`() throws {
        let file = try Picture.gradient(width: 24, height: 8).jpeg()
        for offset in [[0xFF, 0xFF, 0xFF, 0xFF], [0xFE, 0xFF, 0xFF, 0x7F], [0, 1, 0, 0]] as [[UInt8]] {
            var block = MadeJPEG.tiff(orientation: 6, bigEndian: false)
            block.replaceSubrange(4..<8, with: offset)
            let bytes = MadeJPEG.splice(marker: 0xE1, Array("Exif\0\0".utf8) + block, into: file)
            #expect(try EncodedImage(bytes).orientation == .upright)
        }
    }
}
