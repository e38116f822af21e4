import CGalleryKernels
import CProcessor
import TestKit
import Testing

/// The kernels with every set of instructions against the portable ones, equal bit for bit.
struct KernelTests {
    /// Around the numbers of rows that are scored together.
    static let rows = [0, 1, 7, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 79, 80, 81, 127, 128, 129, 200]

    @Test(arguments: [8, 16, 40, 128, 512], rows)
    func `scores are the same with any instructions`(dimension: Int, rows: Int) {
        var random = SplitMix(seed: UInt64(dimension * 1000 + rows))
        // The extremes are where sixteen bits could overflow.
        func codes<Code: FixedWidthInteger>(_ count: Int, in range: ClosedRange<Code>) -> [Code] {
            (0..<count).map { _ in
                Bool.random(using: &random)
                    ? Code.random(in: range, using: &random)
                    : Bool.random(using: &random) ? range.lowerBound : range.upperBound
            }
        }
        let group = Int(gallery_group_rows)
        let matrix = codes((rows + group - 1) / group * group * dimension, in: UInt8.min...UInt8.max)
        let scales = (0..<rows).map { _ in Float.random(in: 0.001...0.01, using: &random) }
        for count in [1, 2, 3, 4, 5, 8, 9, 13, 64] {
            let probes = (0..<count).map { _ in codes(dimension, in: Int8(-32)...32) }
            let plain = Self.scores(.portable, matrix, scales, probes)
            for instructions in Processor.instructionSets {
                // Nothing is written behind the last row, either.
                #expect(Self.scores(instructions, matrix, scales, probes) == plain, "\(instructions), \(count) probes")
            }
        }
    }

    /// The bits of the scores, with some places behind each probe's that are not to be written.
    private static func scores(
        _ instructions: instruction_set, _ matrix: [UInt8], _ scales: [Float], _ probes: [[Int8]]
    ) -> [UInt32] {
        let stride = scales.count + 3
        var scores = [Float](repeating: -1, count: probes.count * stride)
        let (packed, dimension) = (probes.flatMap(\.self), probes[0].count)
        unsafe packed.withUnsafeBufferPointer { packed in
            let probes = unsafe probes.enumerated().map { number, codes in
                unsafe gallery_probe(
                    codes: packed.baseAddress.map { unsafe $0 + number * dimension },
                    sum: codes.reduce(0) { $0 + Int32($1) }, scale: Float(number + 1) / 1000)
            }
            unsafe gallery_score_codes(
                instructions, matrix, scales, scales.count, dimension, probes, probes.count, &scores, stride)
        }
        return scores.map(\.bitPattern)
    }

    @Test(arguments: Processor.instructionSets)
    func `a code is where the header says, and counts from 128`(instructions: instruction_set) {
        // Seventeen rows of eight codes: row 16 begins the second group.
        var matrix = [UInt8](repeating: 128, count: 2 * 16 * 8)
        matrix[(0 * 8 + 4) * 16 + 3 * 4 + 1] = 129  // row 3, code 5
        matrix[(0 * 8 + 0) * 16 + 15 * 4 + 2] = 255  // row 15, code 2
        matrix[(1 * 8 + 0) * 16 + 0 * 4 + 2] = 126  // row 16, code 2
        var probe = [Int8](repeating: 0, count: 8)
        (probe[5], probe[2]) = (32, 10)
        let scales = [Float](repeating: 2, count: 17)
        var scores = [Float](repeating: 0, count: 17)
        unsafe probe.withUnsafeBufferPointer { probe in
            let probes = unsafe [gallery_probe(codes: probe.baseAddress, sum: 42, scale: 0.5)]
            unsafe gallery_score_codes(instructions, matrix, scales, 17, 8, probes, 1, &scores, 17)
        }
        var wanted = [Float](repeating: 0, count: 17)
        (wanted[3], wanted[15], wanted[16]) = (32, 1270, -20)
        #expect(scores == wanted)
    }

    @Test(arguments: Processor.instructionSets)
    func `selection equals a plain filter`(instructions: instruction_set) {
        var random = SplitMix(seed: 17)
        for count in [0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 100, 127, 128, 129, 1000] {
            var scores = (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
            // What is no number is no score at or above anything, and hides none.
            if count > 20 { scores[count / 3] = .nan }
            for threshold in [-Float.infinity, -0.5, 0, 0.5, 0.99, scores.first ?? 0, .infinity] {
                // Behind the room for as many indices as scores nothing is written.
                var selection = [UInt32](repeating: .max, count: count + 20)
                let found = unsafe gallery_select(instructions, scores, count, threshold, &selection)
                let wanted = scores.indices.filter { scores[$0] >= threshold }.map(UInt32.init)
                #expect(Array(selection.prefix(found)) == wanted, "\(count) scores, \(threshold)")
                #expect(selection.dropFirst(count).allSatisfy { $0 == .max })
            }
        }
    }
}
