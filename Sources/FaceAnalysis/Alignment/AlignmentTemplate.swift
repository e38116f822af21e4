import FaceModel
import Imaging

/// Where the landmarks of an aligned face lie.
struct AlignmentTemplate: Sendable {
    let width: Int
    let height: Int
    let points: [5 of Point]

    /// The template of a manifest, whose five points were checked when it was loaded.
    init(_ manifest: ModelManifest) {
        width = manifest.input.width
        height = manifest.input.height
        let template = manifest.template
        points = [5 of Point] { index in Point(x: template[index][0], y: template[index][1]) }
    }

    /// A template for square crops, from points in fractions of the way from the first pixel's centre to the last one's.
    init(fractions: [[Float]], side: Int) {
        width = side
        height = side
        let length = Float(side - 1)
        points = [5 of Point] { index in Point(x: fractions[index][0] * length, y: fractions[index][1] * length) }
    }

    /// The least-squares transform that brings a face's landmarks onto the template.
    func transform(for landmarks: Landmarks) -> SimilarityTransform? {
        SimilarityTransform(mapping: landmarks.points, onto: points)
    }
}
