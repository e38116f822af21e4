import FaceModel
import Testing

struct ScoreScaleTests {
    private let scale = ScoreScale(
        [.init(cosine: 0.363, score: 80), .init(cosine: 0.425, score: 85), .init(cosine: 0.48, score: 90)],
        highest: 100)

    @Test(arguments: [(-1, 0), (0, 0), (0.363, 80), (0.394, 82.5), (0.48, 90), (1, 100)])
    func `scores lie on straight lines between the points`(cosine: Double, score: Double) {
        #expect(abs(scale.score(cosine: cosine) - score) < 1e-9)
    }

    @Test func `a score finds its cosine again, and more alike never scores less`() {
        var last = -1.0
        for step in 1..<1000 {
            let cosine = Double(step) / 1000
            let score = scale.score(cosine: cosine)
            #expect(score >= last)
            #expect(abs(scale.cosine(score: score) - cosine) < 1e-9)
            last = score
        }
        #expect(scale.cosine(score: -5) == 0)
        #expect(scale.cosine(score: 200) == 1)
    }

    @Test func `a similarity finds its cosine again`() {
        let similarity = SimilarityScale(midpoint: 0.363, steepness: 33)
        for value in [0.01, 0.5, 0.9, 0.999] {
            #expect(abs(similarity.similarity(cosine: similarity.cosine(similarity: value)) - value) < 1e-6)
        }
    }
}
