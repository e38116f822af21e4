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

    /// The least-squares transform that brings a face's landmarks onto the template.
    func transform(for landmarks: Landmarks) -> SimilarityTransform? {
        SimilarityTransform(mapping: landmarks.points, onto: points)
    }
}
