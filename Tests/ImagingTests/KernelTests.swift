import CImagingKernels
import CProcessor
import TestKit
import Testing

/// The kernels with every set of instructions against the portable ones: equal bit for bit, at every length around those of
/// the vectors.
struct KernelTests {
    static let taps = [1, 2, 3, 4, 5, 9]

    @Test(arguments: taps)
    func `mixing rows is the same with any instructions`(taps: Int) {
        var random = SplitMix(seed: UInt64(taps))
        for length in [1, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 95, 96, 97, 300] {
            let lines = (0..<taps * length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let weights = Self.weights(taps, &random)
            let mixed = Processor.instructionSets.map { instructions in
                // Nothing is written behind the row.
                var mixed = [Float](repeating: -1, count: length + 3)
                unsafe imaging_mix_rows(instructions, lines, length, taps, weights, &mixed)
                return mixed.map(\.bitPattern)
            }
            #expect(mixed.allSatisfy { $0 == mixed[0] }, "\(length) bytes")
        }
    }

    @Test(arguments: taps)
    func `mixing columns is the same with any instructions`(taps: Int) {
        var random = SplitMix(seed: UInt64(taps))
        for count in [1, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40] {
            let width = taps + 30
            // One element more than the row has is read, and must not show.
            let row = (0..<3 * width + 1).map { _ in Float.random(in: 0...255, using: &random) }
            let starts = (0..<count).map { _ in Int.random(in: 0...width - taps, using: &random) }
            let weights = (0..<count).flatMap { _ in Self.weights(taps, &random) }
            let planes = Processor.instructionSets.map { instructions in
                unsafe Self.planes(count) { red, green, blue in
                    unsafe imaging_mix_columns(instructions, row, count, taps, starts, weights, red, green, blue)
                }
            }
            #expect(planes.allSatisfy { $0 == planes[0] }, "\(count) pixels")
        }
    }

    private typealias Plane = UnsafeMutablePointer<Float>

    /// The bits of the three planes that `write` fills.
    private static func planes(_ count: Int, _ write: (Plane, Plane, Plane) -> Void) -> [UInt32] {
        var planes = [Float](repeating: -1, count: 3 * count)
        unsafe planes.withUnsafeMutableBufferPointer { planes in
            guard let base = planes.baseAddress else { return }
            unsafe write(base, base + count, base + 2 * count)
        }
        return planes.map(\.bitPattern)
    }

    /// Positive weights with the sum 1.
    private static func weights(_ taps: Int, _ random: inout SplitMix) -> [Float] {
        let weights = (0..<taps).map { _ in Float.random(in: 0...1, using: &random) }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / max(sum, 1e-6) }
    }
}
