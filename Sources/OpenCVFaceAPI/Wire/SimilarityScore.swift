import FaceModel
import Recognition

/// Similarity as both APIs tell it, 0…1.
enum SimilarityScore {
    /// The score from which the cloud API takes two faces for the same, unless a request says otherwise.
    static let usualCloudMinimum = 0.81
    /// The same of the FR Server.
    static let usualServerMinimum = 0.7

    /// The scores of the cosines with false match rates of 1e-3, 1e-4, 1e-5 and 1e-6; the second and the last are the
    /// cut-offs that the vendor's documentation names.
    private static let points = [0.62, 0.70, 0.755, 0.81]

    /// The scale of the embedder in use.
    static func scale(of engine: some FaceEngine) -> ScoreScale {
        ScoreScale(
            zip(engine.falseMatchCosines, points).map { ScoreScale.Point(cosine: $0, score: $1) }, highest: 1)
    }
}

extension OpenCVFaceAPI {
    var scale: ScoreScale { SimilarityScore.scale(of: service) }
}
