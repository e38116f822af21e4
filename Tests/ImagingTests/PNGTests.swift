import CSPNG
import Imaging
import Testing

struct PNGTests {
    @Test(arguments: [false, true])
    func `true colours come back exactly`(isInterlaced: Bool) throws {
        let picture = Picture.noise(width: 37, height: 23, seed: 5)
        var png = MadePNG(width: 37, height: 23, colourType: SPNG_COLOR_TYPE_TRUECOLOR)
        png.isInterlaced = isInterlaced
        let decoded = try EncodedImage(png.encode(picture.pixels)).decode(longestSideAtLeast: 4)
        #expect(decoded.picture == picture)
        #expect(decoded.scale == 1)
    }

    @Test(arguments: [1, 2, 4, 8])
    func `greys of each depth fill the range`(depth: Int) throws {
        let png = MadePNG(width: 8, height: 2, colourType: SPNG_COLOR_TYPE_GRAYSCALE, bitDepth: depth)
        let row = [UInt8](repeating: 0b0001_1011, count: depth)
        let picture = try EncodedImage(png.encode(row + row)).decode().picture
        let samples = (0..<8).map { sample in
            (0..<depth).reduce(0) { value, bit in value << 1 | (0b0001_1011 >> (7 - (sample * depth + bit) % 8)) & 1 }
        }
        #expect(
            (0..<8).map { picture.colour($0, 1) }
                == samples.map { Array(repeating: $0 * 255 / (1 << depth - 1), count: 3) })
    }

    @Test func `sixteen bits become eight`() throws {
        let png = MadePNG(width: 2, height: 1, colourType: SPNG_COLOR_TYPE_TRUECOLOR, bitDepth: 16)
        let samples: [UInt16] = [0xFFFF, 0x8000, 0x0100, 0x1234, 0xABCD, 0x0000]
        let bytes = samples.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let picture = try EncodedImage(png.encode(bytes)).decode().picture
        #expect(picture.pixels == [0xFF, 0x80, 0x01, 0x12, 0xAB, 0x00])
    }

    @Test func `a palette is looked up, and its transparent entries show white`() throws {
        var png = MadePNG(width: 4, height: 1, colourType: SPNG_COLOR_TYPE_INDEXED, bitDepth: 2)
        png.palette = [[10, 20, 30], [200, 0, 0], [0, 100, 50]]
        let opaque = try EncodedImage(png.encode([0b00_01_10_01])).decode().picture
        #expect(opaque.pixels == [10, 20, 30, 200, 0, 0, 0, 100, 50, 200, 0, 0])
        png.paletteAlpha = [255, 0, 51]
        let seen = try EncodedImage(png.encode([0b00_01_10_01])).decode().picture
        #expect(seen.pixels == [10, 20, 30, 255, 255, 255, 204, 224, 214, 255, 255, 255])
    }

    @Test func `a transparent colour shows white`() throws {
        var grey = MadePNG(width: 2, height: 1, colourType: SPNG_COLOR_TYPE_GRAYSCALE)
        grey.transparentColour = [7]
        #expect(try EncodedImage(grey.encode([7, 8])).decode().picture.pixels == [255, 255, 255, 8, 8, 8])
        var colour = MadePNG(width: 2, height: 1, colourType: SPNG_COLOR_TYPE_TRUECOLOR)
        colour.transparentColour = [1, 2, 3]
        #expect(
            try EncodedImage(colour.encode([1, 2, 3, 1, 2, 4])).decode().picture.pixels == [255, 255, 255, 1, 2, 4])
    }

    @Test func `alpha is laid over white`() throws {
        let grey = MadePNG(width: 3, height: 1, colourType: SPNG_COLOR_TYPE_GRAYSCALE_ALPHA)
        let greys = try EncodedImage(grey.encode([0, 255, 0, 0, 100, 128])).decode().picture
        #expect((0..<3).map { greys.colour($0, 0)[1] } == [0, 255, 177])
        let colour = MadePNG(width: 2, height: 1, colourType: SPNG_COLOR_TYPE_TRUECOLOR_ALPHA)
        let colours = try EncodedImage(colour.encode([9, 8, 7, 255, 0, 255, 128, 51])).decode().picture
        #expect(colours.pixels == [9, 8, 7, 204, 255, 230])
    }

    @Test func `a large file is decoded`() throws {
        let picture = Picture.noise(width: 1700, height: 1700, seed: 8)
        let bytes = MadePNG.encode(picture)
        #expect(bytes.count > 8 << 20)
        #expect(try EncodedImage(bytes).decode().picture == picture)
    }

    @Test func `text is unpacked only so far`() throws {
        let picture = Picture.gradient(width: 8, height: 8)
        var png = MadePNG(width: 8, height: 8, colourType: SPNG_COLOR_TYPE_TRUECOLOR)
        png.compressedText = String(repeating: "a", count: 1 << 20)
        #expect(try EncodedImage(png.encode(picture.pixels)).decode().picture == picture)
        png.compressedText = String(repeating: "a", count: 64 << 20)
        let bomb = png.encode(picture.pixels)
        #expect(bomb.count < 100_000)
        #expect { try EncodedImage(bomb).decode() } throws: { error in
            guard case .damaged? = error as? ImagingError else { return false }
            return true
        }
    }
}
