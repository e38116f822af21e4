import CJPEGKernels
import CTurboJPEG
import Foundation
import Imaging
import TestKit
import Testing

/// The pixels of two threads against those of one decoder that reads all of a JPEG: equal bit for bit.
struct JPEGSharedTests {
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

    /// Files with restart markers after 1, 5 and 100 MCUs, which no encoder here writes; too small to be shared outside
    /// of tests.
    @Test(arguments: [1, 5, 100], denominators)
    func `restart markers make no difference, wherever the lower part begins`(interval: Int, denominator: Int) throws {
        let file = try [UInt8](Data(contentsOf: Checkout.root.appending(path: "fixtures/jpeg/restart-\(interval).jpg")))
        let wanted = try #require(Self.decoded(file, denominator))
        let image = try EncodedImage(file)
        let (width, height) = (Self.reduced(image.width, denominator), Self.reduced(image.height, denominator))
        for split in [0, 1, height / 2, height - 1] {
            for helpers in TestHelpers.allCases {
                let found = Self.shared(file, denominator, width, height, split: split, helpers)
                #expect(found == wanted, "\(split) of \(height), \(helpers)")
            }
        }
    }

    @Test func `damage is found by every way, and never changes what is shown`() throws {
        let original = MadeJPEG.grained(width: 1100, height: 700, subsampling: TJSAMP_420)
        var random = SplitMix(seed: 8)
        var (pictures, errors) = (0, 0)
        for round in 0..<120 {
            var file = original
            let end = round.isMultiple(of: 2) ? 700 : file.count
            for _ in 0...Int.random(in: 0...3, using: &random) {
                file[Int.random(in: 2..<end, using: &random)] ^= UInt8(1) << UInt8.random(in: 0...7, using: &random)
            }
            guard let image = try? EncodedImage(file, limits: ImageLimits(maxPixels: 2_000_000)) else { continue }
            // A quarter and an eighth, unless the size is damaged, too.
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

    /// What two threads give; `nil` when either has anything to complain of.
    private static func shared(
        _ file: [UInt8], _ denominator: Int, _ width: Int, _ height: Int, split: Int, _ helpers: TestHelpers
    ) -> [UInt8]? {
        var pixels = [UInt8](repeating: 0, count: 3 * width * height)
        let hasFailed = unsafe file.withUnsafeBufferPointer { file in
            unsafe pixels.withUnsafeMutableBufferPointer { pixels in
                var rows = unsafe jpeg_rows(
                    file: file.baseAddress, count: file.count, denominator: Int32(denominator), width: Int32(width),
                    height: Int32(height), split: Int32(split), pixels: pixels.baseAddress, lower_is_taken: false,
                    has_failed: false)
                unsafe withUnsafeMutablePointer(to: &rows) { rows in
                    nonisolated(unsafe) let rows = unsafe rows
                    helpers.share { number in
                        if number == 0 { unsafe jpeg_rows_upper(rows) } else { unsafe jpeg_rows_lower(rows) }
                    }
                }
                return unsafe rows.has_failed
            }
        }
        return hasFailed ? nil : pixels
    }

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
