extension Embedding {
    /// The direction of the mean of unit vectors: ``init(weightedMeanOf:)`` with equal weights.
    public init?(meanOf embeddings: [Embedding]) {
        self.init(weightedMeanOf: embeddings.map { ($0, 1) })
    }
}
