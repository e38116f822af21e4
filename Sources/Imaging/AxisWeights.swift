/// What the pixels along one axis are made of when that axis changes its length.
///
/// Shrinking averages: an output pixel is the mean of the stretch of input that it covers, parts of pixels counted as
/// parts. Stretching interpolates linearly between the two nearest pixel centres. Keeping the length copies.
/// Every output pixel takes the same number of neighbouring input pixels, `taps`, some of them with the weight 0, so
/// that the loops over them are even; `starts[i] + taps` never exceeds the length of the input.
struct AxisWeights {
    /// How many input pixels go into an output pixel.
    let taps: Int
    /// The first input pixel of each output pixel.
    let starts: [Int]
    /// The weights of the input pixels, `taps` for each output pixel; they add up to 1.
    let weights: [Float]

    /// Weights for an axis that goes from `source` to `target` pixels.
    ///
    /// - Precondition: both are positive.
    init(from source: Int, to target: Int) {
        precondition(source > 0 && target > 0, "an axis has at least one pixel")
        let step = Double(source) / Double(target)
        let ranges = (0..<target).map { index in
            source > target
                ? Self.covered(from: Double(index) * step, to: Double(index + 1) * step, within: source)
                : Self.interpolated(at: (Double(index) + 0.5) * step - 0.5, within: source)
        }
        let taps = ranges.reduce(1) { max($0, $1.weights.count) }
        var starts: [Int] = []
        var weights = [Float](repeating: 0, count: target * taps)
        starts.reserveCapacity(target)
        for (index, range) in ranges.enumerated() {
            let start = min(range.start, source - taps)
            starts.append(start)
            let sum = range.weights.reduce(0, +)
            for (offset, weight) in range.weights.enumerated() {
                weights[index * taps + range.start - start + offset] = Float(weight / sum)
            }
        }
        self.taps = taps
        self.starts = starts
        self.weights = weights
    }

    private typealias WeightedRange = (start: Int, weights: [Double])

    /// How much of each input pixel lies between two places.
    private static func covered(from low: Double, to high: Double, within source: Int) -> WeightedRange {
        let first = min(Int(low), source - 1)
        // The tolerance keeps rounding from adding a pixel of which nothing is covered.
        let last = max(first, min(source, Int((high - 1e-6).rounded(.up))) - 1)
        return (first, (first...last).map { max(0, min(high, Double($0 + 1)) - max(low, Double($0))) })
    }

    /// The two pixels around a place, by their nearness; at the edge the outermost one alone.
    private static func interpolated(at place: Double, within source: Int) -> WeightedRange {
        let clamped = min(max(place, 0), Double(source - 1))
        let first = Int(clamped)
        let fraction = clamped - Double(first)
        return fraction == 0 ? (first, [1]) : (first, [1 - fraction, fraction])
    }
}
