/// What the embedder says about a face: a unit vector whose cosine with another tells how alike two faces are.
public struct Embedding: Sendable, Hashable {
    /// The coordinates, of unit Euclidean length.
    public let values: [Float]

    /// A vector scaled to unit length.
    ///
    /// - Returns: `nil` when a coordinate is not finite or the vector has no length, as no direction exists then.
    public init?(normalizing values: [Float]) {
        var squares = 0.0
        for value in values { squares += Double(value) * Double(value) }
        guard squares.isFinite, squares > 1e-12 else { return nil }
        let scale = 1 / squares.squareRoot()
        self.values = values.map { Float(Double($0) * scale) }
    }

    /// The direction of the weighted mean of unit vectors: what several pictures of one person have in common.
    ///
    /// - Returns: `nil` when there is none, or they cancel each other out.
    /// - Precondition: all have the same dimension.
    public init?(weightedMeanOf vectors: [(embedding: Embedding, weight: Int)]) {
        guard let dimension = vectors.first?.embedding.dimension else { return nil }
        var sums = [Double](repeating: 0, count: dimension)
        for (embedding, weight) in vectors {
            precondition(embedding.dimension == dimension, "embeddings of different models cannot be joined")
            for index in sums.indices { sums[index] += Double(weight) * Double(embedding.values[index]) }
        }
        self.init(normalizing: sums.map { Float($0) })
    }

    /// A vector that was stored as an embedding, kept bit by bit, so that a restart changes no digit of a similarity.
    ///
    /// - Returns: `nil` when its length is not one within rounding.
    public init?(stored values: [Float]) {
        let squares = values.reduce(0.0) { $0 + Double($1) * Double($1) }
        guard abs(squares - 1) < 1e-4 else { return nil }
        self.values = values
    }

    /// The number of coordinates.
    public var dimension: Int { values.count }

    /// The cosine of the angle to another embedding, −1…1.
    ///
    /// Products are exact in double precision and are added in order, so the same two faces give the same digits
    /// wherever they are compared.
    ///
    /// - Precondition: both have the same dimension.
    public func cosine(to other: Embedding) -> Double {
        precondition(dimension == other.dimension, "embeddings of different models cannot be compared")
        var sum = 0.0
        for index in values.indices { sum += Double(values[index]) * Double(other.values[index]) }
        return min(1, max(-1, sum))
    }
}
