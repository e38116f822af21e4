/// A scale from the cosine of two embeddings to a score, by points that a model's false match rates fix.
///
/// Between two points the scale is straight, beyond the outermost ones it goes on to the ends of both ranges, and it
/// never falls.
public struct ScoreScale: Sendable, Hashable {
    /// A cosine and the score that it reads.
    public struct Point: Sendable, Hashable {
        /// The cosine, −1…1.
        public let cosine: Double
        /// The score.
        public let score: Double

        /// A point from its two numbers.
        public init(cosine: Double, score: Double) {
            self.cosine = cosine
            self.score = score
        }
    }

    private let points: [Point]

    /// A scale through points.
    ///
    /// - Parameters:
    ///   - points: with growing cosines and growing scores.
    ///   - highest: the score of the same picture, that is of cosine 1; the score of cosine 0 and below is 0.
    /// - Precondition: both numbers grow from point to point, from above 0 to below 1 and `highest`.
    public init(_ points: [Point], highest: Double) {
        let all = [Point(cosine: 0, score: 0)] + points + [Point(cosine: 1, score: highest)]
        precondition(
            zip(all, all.dropFirst()).allSatisfy { $0.cosine < $1.cosine && $0.score < $1.score },
            "the points of a scale grow")
        self.points = all
    }

    /// The score of a cosine.
    public func score(cosine: Double) -> Double { interpolate(cosine, from: \.cosine, to: \.score) }

    /// The cosine that reads a score; scores outside of the scale read its ends.
    public func cosine(score: Double) -> Double { interpolate(score, from: \.score, to: \.cosine) }

    private func interpolate(_ value: Double, from: KeyPath<Point, Double>, to: KeyPath<Point, Double>) -> Double {
        guard let upper = points.firstIndex(where: { $0[keyPath: from] >= value }) else {
            return points[points.count - 1][keyPath: to]
        }
        guard upper > 0 else { return points[0][keyPath: to] }
        let (low, high) = (points[upper - 1], points[upper])
        let part = (value - low[keyPath: from]) / (high[keyPath: from] - low[keyPath: from])
        return low[keyPath: to] + part * (high[keyPath: to] - low[keyPath: to])
    }
}
