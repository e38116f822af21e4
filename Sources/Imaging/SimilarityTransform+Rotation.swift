import Glibc

extension SimilarityTransform {
    /// The turn in radians, −π…π, positive clockwise as seen by the viewer, since y points down.
    public var rotation: Double { atan2(b, a) }
}
