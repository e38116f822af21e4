import CImagingKernels
import TestKit
import Testing

/// The quick kernels against the plain ones: equal bit for bit, at every length around those of the vectors.
struct KernelTests {
    static let taps = [1, 2, 3, 4, 5, 9]

    @Test(arguments: taps)
    func `mixing rows is the same with and without vectors`(taps: Int) {
        var random = SplitMix(seed: UInt64(taps))
        for length in [1, 3, 31, 32, 33, 63, 64, 95, 300] {
            let lines = (0..<taps * length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let weights = Self.weights(taps, &random)
            var quick = [Float](repeating: -1, count: length)
            var plain = quick
            unsafe imaging_mix_rows(lines, length, taps, weights, &quick)
            unsafe imaging_mix_rows_portable(lines, length, taps, weights, &plain)
            #expect(quick == plain)
        }
    }

    @Test(arguments: taps)
    func `mixing columns is the same with and without vectors`(taps: Int) {
        var random = SplitMix(seed: UInt64(taps))
        for count in [1, 7, 8, 9, 15, 16, 40] {
            let width = taps + 30
            // One element more than the row has is read, and must not show.
            let row = (0..<3 * width + 1).map { _ in Float.random(in: 0...255, using: &random) }
            let starts = (0..<count).map { _ in Int.random(in: 0...width - taps, using: &random) }
            let weights = (0..<count).flatMap { _ in Self.weights(taps, &random) }
            let quick = unsafe Self.planes(count) { red, green, blue in
                unsafe imaging_mix_columns(row, count, taps, starts, weights, red, green, blue)
            }
            let plain = unsafe Self.planes(count) { red, green, blue in
                unsafe imaging_mix_columns_portable(row, count, taps, starts, weights, red, green, blue)
            }
            #expect(quick == plain)
        }
    }

    private typealias Plane = UnsafeMutablePointer<Float>

    /// The three planes that `write` fills.
    private static func planes(_ count: Int, _ write: (Plane, Plane, Plane) -> Void) -> [[Float]] {
        var planes = [Float](repeating: -1, count: 3 * count)
        unsafe planes.withUnsafeMutableBufferPointer { planes in
            guard let base = planes.baseAddress else { return }
            unsafe write(base, base + count, base + 2 * count)
        }
        return (0..<3).map { Array(planes[$0 * count..<($0 + 1) * count]) }
    }

    /// Positive weights with the sum 1.
    private static func weights(_ taps: Int, _ random: inout SplitMix) -> [Float] {
        let weights = (0..<taps).map { _ in Float.random(in: 0...1, using: &random) }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / max(sum, 1e-6) }
    }
}
