import CSPNG
import Imaging
import TestKit
import Testing

/// What a picture is known to cost before it is decoded.
struct ImageHeaderTests {
    private let picture = Picture.noise(width: 160, height: 120, seed: 5)

    @Test func `a header tells the memory that decoding takes`() throws {
        let pixels = 160 * 120
        let baseline = try ImageHeader(picture.jpeg())
        #expect(baseline.memoryOfPixels == 3 * pixels)
        // The picture, and a second one when it is turned.
        #expect(baseline.memoryToDecode == 6 * pixels)
        // All frequencies of all three components beside it.
        #expect(try ImageHeader(MadeJPEG.progressive(picture)).memoryToDecode == 12 * pixels)
        #expect(try ImageHeader(MadePNG.encode(picture)).memoryToDecode == 7 * pixels)
    }

    @Test func `a progressive JPEG has so many pixels in all its scans`() throws {
        let file = MadeJPEG.progressive(picture)
        let scans = JPEGLayout(of: file).scanCount(of: file)
        #expect(scans > 1)
        let scanned = scans * 160 * 120
        #expect(try EncodedImage(file, limits: ImageLimits(maxScannedPixels: scanned)).decode().picture.width == 160)
        #expect(throws: ImagingError.tooManyScans(scans, pixels: 160 * 120, limit: scanned - 1)) {
            try EncodedImage(file, limits: ImageLimits(maxScannedPixels: scanned - 1))
        }
        // One walk over the pixels costs what it always did.
        _ = try EncodedImage(picture.jpeg(), limits: ImageLimits(maxScannedPixels: 1)).decode()
    }

    @Test func `scans hidden behind rubbish and fill bytes count`() throws {
        let file = MadeJPEG.progressive(picture)
        let scan = try #require(JPEGSegments(file).first { $0.marker == JPEGSegments.startOfScan })
        let start = scan.payload.lowerBound - 4
        // A scan without codes, with fill bytes before its marker.
        let header = Array(file[start..<scan.payload.upperBound])
        let more =
            file[..<(file.count - 2)] + [0xFF, 0xFF, 0xFF] + header.dropFirst() + [0x12, 0xFF, 0x00, 0xFF, 0xD0]
            + header
            + [0xFF, 0xD9]
        let layout = JPEGLayout(of: file)
        #expect(layout.scanCount(of: Array(more)) == layout.scanCount(of: file) + 2)
    }

    @Test(arguments: [
        (SPNG_COLOR_TYPE_GRAYSCALE, 1, 1200 * 76), (SPNG_COLOR_TYPE_GRAYSCALE, 8, 1200 * 601),
        (SPNG_COLOR_TYPE_TRUECOLOR, 8, 1200 * 1801), (SPNG_COLOR_TYPE_TRUECOLOR_ALPHA, 16, 1200 * 4801),
        (SPNG_COLOR_TYPE_GRAYSCALE_ALPHA, 8, 1200 * 1201),
    ])
    func `a PNG may unpack to so many bytes`(type: spng_color_type, depth: Int, size: Int) throws {
        let rowSize = size / 1200 - 1
        let file = MadePNG(width: 600, height: 1200, colourType: type, bitDepth: depth)
            .encode([UInt8](repeating: 0, count: 1200 * rowSize))
        #expect(file.count < 50_000)
        #expect(try EncodedImage(file, limits: ImageLimits(maxUnpackedSize: size)).decode().picture.height == 1200)
        #expect(throws: ImagingError.unpacksTooLarge(size: size, limit: size - 1)) {
            try EncodedImage(file, limits: ImageLimits(maxUnpackedSize: size - 1))
        }
    }
}
