import CTurboJPEG
import Dispatch
import Glibc
import Imaging
import Testing

/// Files that are made to cost much or to be misread; libjpeg-turbo alone reads their codes.
struct HostileJPEGTests {
    @Test func `four megabytes of code tables cost little`() throws {
        let picture = Picture.gradient(width: 400, height: 400)
        let table: [UInt8] = [0x10, 1] + [UInt8](repeating: 0, count: 15) + [0]
        let segment = MadeJPEG.segment(0xC4, table)
        let file = try picture.jpeg()
        let flood = file[..<2] + [[UInt8]](repeating: segment, count: (4 << 20) / segment.count).joined() + file[2...]
        let started = processorTime()
        let image = try EncodedImage(Array(flood))
        let small = try image.decode(longestSideAtLeast: 50, helpers: OneAfterTheOther()).picture
        let large = try image.decode(helpers: OneAfterTheOther()).picture
        #expect(processorTime() - started < .milliseconds(500))
        #expect(small.pixels == (try EncodedImage(file).decode(longestSideAtLeast: 50).picture.pixels))
        #expect(large.pixels == (try EncodedImage(file).decode().picture.pixels))
    }

    /// More codes than there are bytes, more than 256, and more of a length than that many bits can tell apart.
    @Test(arguments: [
        [UInt8](repeating: 255, count: 16), [0, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 32, count: 8),
        [3] + [UInt8](repeating: 0, count: 15),
    ])
    func `a code table with impossible counts is damage`(counts: [UInt8]) throws {
        let file = try Picture.gradient(width: 400, height: 400).jpeg()
        let values = [UInt8](0...255)
        // Behind the file's own tables.
        let scan = try #require(file.indices.dropLast().first { file[$0] == 0xFF && file[$0 + 1] == 0xDA })
        let table = [0x10] + counts + values.prefix(counts.reduce(0) { $0 + Int($1) })
        let bad = Array(file[..<scan] + MadeJPEG.segment(0xC4, table) + file[scan...])
        let started = processorTime()
        for side in [50, nil] {
            #expect(throws: ImagingError.self) {
                try EncodedImage(bad).decode(longestSideAtLeast: side, helpers: OneAfterTheOther())
            }
        }
        #expect(processorTime() - started < .milliseconds(100))
    }

    /// Blocks end with codes of one bit where the table also has one of seven, and can be read from two bits: whoever
    /// writes the codes again, or begins to read in the middle, needs more room than the file has.
    @Test func `codes that can be read in two ways are read as libjpeg-turbo reads them`() throws {
        let image = try EncodedImage(MadeJPEG.ambiguous())
        let alone = try image.decode(longestSideAtLeast: 1).picture
        let shared = try image.decode(longestSideAtLeast: 1, helpers: Together()).picture
        #expect(alone.pixels == shared.pixels)
        // Means are zero, and an eighth of the size shows nothing else.
        #expect(alone.pixels.allSatisfy { $0 == 128 })
    }

    /// The time that this thread was at work.
    private func processorTime() -> Duration {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}

private struct OneAfterTheOther: Helpers {
    func share(_ work: @escaping @Sendable (Int) -> Void) {
        work(0)
        work(1)
    }
}

private struct Together: Helpers {
    func share(_ work: @escaping @Sendable (Int) -> Void) {
        DispatchQueue.concurrentPerform(iterations: 2) { work($0) }
    }
}

extension MadeJPEG {
    /// A grey file whose codes mean one thing from the beginning and another one from a byte in the middle.
    ///
    /// Codes of differences: `0` for none, `10` for six bits. Codes of frequencies: `0` and `1110000` end a block, `110`
    /// is for three bits, `10` for six. So `01 100000` is a block of eight bits, and `100000 01`, again and again, is the
    /// same two bits later, and one block of 64 bytes from there.
    fileprivate static func ambiguous() -> [UInt8] {
        let (half, misread, short, side) = (70_000, 16_000, 5868, 397)
        // Three blocks of two bits, and the first two bits of another one.
        var codes: [UInt8] = [0b000000_01]
        codes += [UInt8](repeating: 0b100000_01, count: half + misread - 4)
        // From here on both ways find the same blocks.
        codes += [0b100000_00, 0b00_0_10_000, 0b000_0_00_00]
        codes += [UInt8](repeating: 0b0_110_000_0, count: half - misread - short - 1)
        // Four blocks in a byte, and a last one that fills a byte.
        codes += [UInt8](repeating: 0, count: short) + [0b0_110_000_0]
        precondition(3 + (half + misread - 3) + 5 + (half - misread - short) + 4 * short == side * side)

        let size = [UInt8(8 * side >> 8), UInt8(8 * side & 0xFF)]
        let remarks = [[UInt8]](repeating: segment(0xFE, [UInt8](repeating: 0x20, count: 65_533)), count: 2).joined()
        return [0xFF, 0xD8] + remarks + segment(0xDB, [0] + [UInt8](repeating: 1, count: 64))
            + segment(0xC0, [8] + size + size + [1, 1, 0x11, 0])
            + segment(0xC4, [0x00, 1, 1] + [UInt8](repeating: 0, count: 14) + [0, 6])
            + segment(0xC4, [0x10, 1, 1, 1, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 9) + [0x10, 0x06, 0x03, 0x00])
            + segment(0xDA, [1, 1, 0, 0, 63, 0]) + codes + [0xFF, 0xD9]
    }
}
