import FaceModel

/// The platform's scores, 0…100, for the model in use.
struct Scores: Sendable {
    private let scale: ScoreScale

    /// 80, 85, 90 and 95 stand where one pair of different persons in 1,000, 10,000, 100,000 and 1,000,000 is taken for
    /// the same one.
    init(falseMatchCosines cosines: [Double]) {
        scale = ScoreScale(
            zip(cosines, [80, 85, 90, 95]).map { ScoreScale.Point(cosine: $0, score: $1) }, highest: 100)
    }

    /// The score of a cosine with two decimals.
    func score(cosine: Double) -> Double { (scale.score(cosine: cosine) * 100).rounded() / 100 }

    /// The cosine that reads a score.
    func cosine(score: Double) -> Double { scale.cosine(score: score) }
}
