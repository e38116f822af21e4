import CJPEGKernels
import CTurboJPEG
import Foundation
import Imaging
import TestKit
import Testing

/// The shorter ways through a JPEG against one decoder that reads all of it: equal bit for bit.
struct JPEGQuickTests {
    static let subsamplings = [TJSAMP_444, TJSAMP_422, TJSAMP_420, TJSAMP_440, TJSAMP_411, TJSAMP_GRAY].map(\.rawValue)

    static let denominators = [1, 2, 4, 8]

    @Test(arguments: subsamplings, denominators)
    func `two threads give the pixels of one`(subsampling: UInt32, denominator: Int) throws {
        for (width, height) in [(1027, 641), (512, 2048), (2300, 777)] {
            let file = MadeJPEG.grained(width: width, height: height, subsampling: TJSAMP(rawValue: subsampling))
            try Self.check(file, width: width, height: height, denominator)
        }
    }

    @Test(arguments: ["biden", "obama", "obama3", "obama_partial_face"])
    func `photos are the same to the last bit by every way`(name: String) throws {
        let file = try Photos.bytes("face_recognition/\(name).jpg")
        let image = try EncodedImage(file)
        for denominator in Self.denominators {
            try Self.check(file, width: image.storedWidth, height: image.storedHeight, denominator)
        }
    }

    private static func check(_ file: [UInt8], width: Int, height: Int, _ denominator: Int) throws {
        let wanted = try #require(decoded(file, denominator))
        let side = reduced(max(width, height), denominator)
        let image = try EncodedImage(file)
        for helpers in TestHelpers.allCases as [(any Helpers)?] + [nil] {
            let found = try image.decode(longestSideAtLeast: side, helpers: helpers)
            #expect(found.scale == 1 / Float(denominator))
            #expect(found.picture.pixels == wanted, "\(width) × \(height), \(String(describing: helpers))")
        }
    }

    @Test(arguments: subsamplings)
    func `a skimmed file is much smaller and shows the same`(subsampling: UInt32) throws {
        let file = MadeJPEG.grained(width: 1800, height: 1500, subsampling: TJSAMP(rawValue: subsampling))
        let wanted = try #require(Self.decoded(file, 8))
        for helpers in TestHelpers.allCases {
            let skimmed = try #require(Self.skim(file, helpers), "\(helpers)")
            #expect(2 * skimmed.count < file.count)
            #expect(Self.decoded(skimmed, 8) == wanted)
        }
        // In one piece the file is the same.
        #expect(Self.skim(file) == Self.skim(file, .together))
    }

    /// Files with restart markers after 1, 5 and 100 MCUs, which no encoder here writes.
    @Test(arguments: [1, 5, 100])
    func `restart markers stay where they are`(interval: Int) throws {
        let file = try [UInt8](Data(contentsOf: Checkout.root.appending(path: "fixtures/jpeg/restart-\(interval).jpg")))
        let skimmed = try #require(Self.skim(file))
        #expect(skimmed.count < file.count)
        #expect(Self.decoded(skimmed, 8) == Self.decoded(file, 8))
    }

    @Test func `what is no plain baseline file is left to the decoder`() throws {
        let picture = Picture.noise(width: 200, height: 160, seed: 5)
        #expect(Self.skim(MadeJPEG.progressive(picture)) == nil)
        let inks = [UInt8](repeating: 90, count: 4 * 64 * 64)
        #expect(Self.skim(MadeJPEG.encode(inks, width: 64, height: 64, format: TJPF_CMYK)) == nil)
        let file = try picture.jpeg()
        #expect(Self.skim(file) != nil)
        for length in [0, 1, 2, 20, file.count / 2, file.count - 1] {
            #expect(Self.skim(Array(file[..<length])) == nil)
        }
    }

    @Test func `damage is found by every way, and never changes what is shown`() throws {
        let original = MadeJPEG.grained(width: 1100, height: 700, subsampling: TJSAMP_420)
        try #require(original.count >= 1 << 18, "the file is too small to be skimmed")
        var random = SplitMix(seed: 8)
        var (pictures, errors) = (0, 0)
        for round in 0..<120 {
            var file = original
            let end = round.isMultiple(of: 2) ? 700 : file.count
            for _ in 0...Int.random(in: 0...3, using: &random) {
                file[Int.random(in: 2..<end, using: &random)] ^= UInt8(1) << UInt8.random(in: 0...7, using: &random)
            }
            guard let image = try? EncodedImage(file, limits: ImageLimits(maxPixels: 2_000_000)) else { continue }
            // A quarter and an eighth, unless the size is damaged, too; the first is never skimmed.
            var verdicts: [Bool] = []
            for side in [270, 130] {
                let plain = try? image.decode(longestSideAtLeast: side)
                let shared = try? image.decode(longestSideAtLeast: side, helpers: TestHelpers.together)
                #expect(shared?.picture.pixels == plain?.picture.pixels)
                if let scale = plain?.scale, let wanted = Self.decoded(file, Int(1 / scale)) {
                    #expect(plain?.picture.pixels == wanted)
                }
                verdicts.append(plain != nil)
                if plain == nil { errors += 1 } else { pictures += 1 }
            }
            // Both sizes read the same codes.
            #expect(verdicts[0] == verdicts[1])
        }
        #expect(pictures > 20 && errors > 5, "\(pictures) pictures, \(errors) errors")
    }

    private static func reduced(_ side: Int, _ denominator: Int) -> Int { (side + denominator - 1) / denominator }

    /// What libjpeg-turbo gives in one go; `nil` when it has anything to complain of.
    private static func decoded(_ file: [UInt8], _ denominator: Int) -> [UInt8]? {
        guard let decoder = unsafe tjInitDecompress() else { return nil }
        defer { unsafe tjDestroy(decoder) }
        var (width, height, subsampling, colours): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        _ = unsafe tjDecompressHeader3(decoder, file, UInt(file.count), &width, &height, &subsampling, &colours)
        let (columns, rows) = (reduced(Int(width), denominator), reduced(Int(height), denominator))
        var pixels = [UInt8](repeating: 0, count: 3 * columns * rows)
        let status = unsafe tjDecompress2(
            decoder, file, UInt(file.count), &pixels, Int32(columns), 0, Int32(rows), TJPF_RGB.rawValue,
            TJFLAG_STOPONWARNING)
        return status == 0 ? pixels : nil
    }

    /// The skimmed file; in one piece when there are no helpers.
    private static func skim(_ file: [UInt8], _ helpers: TestHelpers? = nil) -> [UInt8]? {
        unsafe file.withUnsafeBufferPointer { bytes in
            guard let skim = unsafe jpeg_skim_begin(bytes.baseAddress, bytes.count, helpers != nil) else { return nil }
            defer { unsafe jpeg_skim_end(skim) }
            nonisolated(unsafe) let shared = unsafe skim
            helpers?.share { number in
                if number == 0 { unsafe jpeg_skim_upper(shared) } else { unsafe jpeg_skim_lower(shared) }
            }
            var skimmed = [UInt8](repeating: 0, count: bytes.count)
            let count = unsafe jpeg_skim_write(skim, &skimmed)
            return count > 0 ? Array(skimmed[..<count]) : nil
        }
    }
}

/// The orders in which helpers may come.
private enum TestHelpers: Helpers, CaseIterable {
    case early, late, never, together

    func share(_ work: @escaping @Sendable (Int) -> Void) {
        switch self {
        case .early:
            work(1)
            work(0)
        case .late:
            work(0)
            work(1)
        case .never: work(0)
        case .together: DispatchQueue.concurrentPerform(iterations: 2) { work($0) }
        }
    }
}

extension MadeJPEG {
    /// A file of smooth colours under a grain, which makes codes of many lengths.
    fileprivate static func grained(width: Int, height: Int, subsampling: TJSAMP) -> [UInt8] {
        var random = SplitMix(seed: UInt64(width * height))
        let pixels = Picture.gradient(width: width, height: height).pixels.map { value -> UInt8 in
            UInt8(clamping: Int(value) + Int(random.next() % 24) - 12)
        }
        return encode(pixels, width: width, height: height, format: TJPF_RGB, subsampling: subsampling)
    }
}
