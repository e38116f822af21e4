import FaceModel

/// An embedding in one byte per number: number ≈ scale · code.
///
/// A scan over codes reads a quarter of the memory that the floats take, and memory is what a scan waits for. The scores
/// are estimates, off by no more than ``errorBound(largestResidual:)``; the exact scores of the few rows that can be
/// among the best are computed from the floats.
struct EmbeddingCodes {
    /// The length of the longest code vector's row is a multiple of this, the width of the kernels' registers.
    static let rowMultiple = 32

    /// −127…127, then zeros up to a multiple of ``rowMultiple``.
    let codes: [Int8]
    let scale: Float
    /// The length of the vector from the codes to the embedding.
    let residual: Float

    init(_ embedding: Embedding) {
        let values = embedding.values
        let largest = values.reduce(Float(0)) { max($0, abs($1)) }
        scale = largest / 127
        var codes = [Int8](repeating: 0, count: Self.rowLength(dimension: values.count))
        var squares = 0.0
        for (index, value) in values.enumerated() {
            let code = (value / scale).rounded()
            codes[index] = Int8(max(-127, min(127, code)))
            let rest = Double(value) - Double(scale) * Double(codes[index])
            squares += rest * rest
        }
        self.codes = codes
        residual = Float(squares.squareRoot())
    }

    static func rowLength(dimension: Int) -> Int { (dimension + rowMultiple - 1) / rowMultiple * rowMultiple }

    /// How far the estimated score of this probe and any row can be from the exact one.
    ///
    /// For unit vectors x and p with codes x̂ and p̂: |x·p − x̂·p̂| ≤ |x − x̂|·|p| + |x̂|·|p − p̂| ≤ r + (1 + r)·s, where r and s
    /// are the residuals (Cauchy and Schwarz); the last term covers the rounding of lengths and of the score itself.
    func errorBound(largestResidual: Float) -> Float {
        largestResidual + (1 + largestResidual) * residual + 1e-5
    }
}
