import CGalleryKernels
import FaceModel

/// An embedding in one byte per number: number ≈ scale · code.
///
/// A scan over codes reads a quarter of the memory that the floats take, and memory is what a scan waits for. The scores
/// are estimates, off by no more than ``errorBound(largestResidual:)``; the exact scores of the few rows that can be
/// among the best are computed from the floats.
struct EmbeddingCodes {
    /// The largest code of a row: all that a byte holds.
    static let largestRowCode = 127
    /// The largest code of a probe: so small that the kernels can add up four products in 16 bits.
    static let largestProbeCode = Int(gallery_largest_probe_code)
    /// The length of a row of codes is a multiple of this.
    static let rowMultiple = 8

    /// −largest…largest, then zeros up to a multiple of ``rowMultiple``.
    let codes: [Int8]
    /// The sum of the codes.
    var sum: Int32 { codes.reduce(0) { $0 + Int32($1) } }
    let scale: Float
    /// The length of the vector from the codes to the embedding.
    let residual: Float

    init(_ embedding: Embedding, largest: Int) {
        let values = embedding.values
        let highest = values.reduce(Float(0)) { max($0, abs($1)) }
        let bound = Float(largest)
        scale = highest / bound
        var codes = [Int8](repeating: 0, count: Self.rowLength(dimension: values.count))
        var squares = 0.0
        for (index, value) in values.enumerated() {
            let code = (value / scale).rounded()
            codes[index] = Int8(max(-bound, min(bound, code)))
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
