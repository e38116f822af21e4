public import FaceModel

/// A turn, an even stretch and a shift: `x′ = a·x − b·y + tx`, `y′ = b·x + a·y + ty`.
///
/// Places are those of pixel centres, as in OpenCV: the centre of the top left pixel is (0, 0).
public struct SimilarityTransform: Sendable, Hashable {
    /// Scale times the cosine of the rotation.
    public let a: Double
    /// Scale times the sine of the rotation.
    public let b: Double
    /// The shift to the right in pixels.
    public let tx: Double
    /// The shift down in pixels.
    public let ty: Double

    /// The transform that leaves everything where it is.
    public static let identity = SimilarityTransform(a: 1, b: 0, tx: 0, ty: 0)

    /// A transform from its four numbers.
    ///
    /// - Precondition: all are finite, and `a` and `b` are not both 0, so that there is a way back.
    public init(a: Double, b: Double, tx: Double, ty: Double) {
        precondition(a.isFinite && b.isFinite && tx.isFinite && ty.isFinite, "a transform has finite numbers")
        precondition(a * a + b * b > 0, "a transform does not map everything to one point")
        self.a = a
        self.b = b
        self.tx = tx
        self.ty = ty
    }

    /// The transform that brings `source` as near to `target` as possible: least squares of the five distances.
    ///
    /// This is Umeyama's solution (IEEE PAMI 13(4), 1991). In the plane it needs no singular values: with both sets
    /// moved to their centroids, `a = Σ p·q / Σ |p|²` and `b = Σ p×q / Σ |p|²`.
    ///
    /// - Returns: `nil` when a coordinate is not finite, or when the points of one set coincide.
    public init?(mapping source: [5 of Point], onto target: [5 of Point]) {
        let count = Double(source.count)
        var (sourceX, sourceY, targetX, targetY) = (0.0, 0.0, 0.0, 0.0)
        for index in source.indices {
            sourceX += Double(source[index].x) / count
            sourceY += Double(source[index].y) / count
            targetX += Double(target[index].x) / count
            targetY += Double(target[index].y) / count
        }
        var (along, across, spread) = (0.0, 0.0, 0.0)
        for index in source.indices {
            let (px, py) = (Double(source[index].x) - sourceX, Double(source[index].y) - sourceY)
            let (qx, qy) = (Double(target[index].x) - targetX, Double(target[index].y) - targetY)
            along += px * qx + py * qy
            across += px * qy - py * qx
            spread += px * px + py * py
        }
        let (a, b) = (along / spread, across / spread)
        let square = a * a + b * b
        // Points that coincide but for rounding give a scale that is no longer about the points.
        guard spread > 1e-6, square.isFinite, square > 1e-12 else { return nil }
        self.init(a: a, b: b, tx: targetX - a * sourceX + b * sourceY, ty: targetY - b * sourceX - a * sourceY)
    }

    /// How much longer distances become.
    public var scale: Double { (a * a + b * b).squareRoot() }

    /// The transform that undoes this one.
    public var inverse: SimilarityTransform {
        let square = a * a + b * b
        let (a, b) = (a / square, -b / square)
        return SimilarityTransform(a: a, b: b, tx: b * ty - a * tx, ty: -b * tx - a * ty)
    }

    /// Where a point goes.
    public func apply(_ point: Point) -> Point {
        let (x, y) = (Double(point.x), Double(point.y))
        return Point(x: Float(a * x - b * y + tx), y: Float(b * x + a * y + ty))
    }
}
