import Foundation

/// The curve from the cosine of two embeddings to the similarity that clients see.
///
/// similarity = 1 / (1 + exp(−steepness · (cosine − midpoint))): strictly increasing, 0.5 at the model's published
/// same-person threshold, and steep enough that a genuine pair reads 0.99, where clients put their limit.
/// The two numbers belong to a model and come from its manifest.
public struct SimilarityScale: Sendable, Hashable {
    /// The cosine that reads 0.5.
    public let midpoint: Double
    /// The slope of the logistic curve; 33 for SFace.
    public let steepness: Double

    /// A scale from the two numbers of a model's manifest.
    public init(midpoint: Double, steepness: Double) {
        self.midpoint = midpoint
        self.steepness = steepness
    }

    /// The similarity 0…1 of a cosine; 0 below one in a million, so that no client reads an exponent.
    public func similarity(cosine: Double) -> Double {
        let value = 1 / (1 + exp(-steepness * (cosine - midpoint)))
        return value < 1e-6 ? 0 : min(1, value)
    }

    /// The cosine that reads a similarity, −1…1; the way back.
    public func cosine(similarity: Double) -> Double {
        let inside = min(1 - 1e-9, max(1e-9, similarity))
        return min(1, max(-1, midpoint - log(1 / inside - 1) / steepness))
    }
}
