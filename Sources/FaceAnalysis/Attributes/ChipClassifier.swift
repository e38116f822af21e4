import FaceModel
import Imaging
import Inference

/// A network that tells classes of faces apart. Belongs to one thread.
struct ChipClassifier: ~Copyable {
    private var session: InferenceSession
    private let input: ModelManifest.Attributes.Input
    private let template: AlignmentTemplate
    private let framings: [ChipFraming]
    private let classes: Int

    /// - Parameters:
    ///   - session: of a network with room for one chip per framing.
    ///   - template: five points in fractions of the chip's side.
    ///   - classes: how many outputs the network has.
    init(
        session: consuming InferenceSession, input: ModelManifest.Attributes.Input, template: [[Float]],
        framings: [ChipFraming], classes: Int
    ) {
        self.session = session
        self.input = input
        self.template = AlignmentTemplate(fractions: template, side: input.side)
        self.framings = framings
        self.classes = classes
    }

    /// The probability of each class, the mean of all framings.
    ///
    /// One run serves one face, so that its numbers do not depend on who else is in the picture. More faces per run
    /// would be faster by a tenth, but the runtime prepares anew for each number of them.
    ///
    /// - Returns: `nil` when the landmarks fall together.
    mutating func classify(_ landmarks: Landmarks, in picture: Picture) throws(InferenceError) -> [Float]? {
        guard let transform = template.transform(for: landmarks) else { return nil }
        let (input, framings) = (input, framings)
        let size = 3 * input.side * input.side
        try session.fill(shape: [framings.count, 3, input.side, input.side]) { tensor in
            for (index, framing) in framings.enumerated() {
                tensor.withMutablePart(index * size..<(index + 1) * size) { chip in
                    picture.warp(
                        by: framing.applied(to: transform, side: input.side), width: input.side, height: input.side,
                        order: input.channels.order, into: &chip)
                    input.normalize(&chip)
                }
            }
        }
        try session.run()
        let values = try session.output()
        guard values.count == classes * framings.count else {
            throw .runFailed(reason: "\(values.count / framings.count) outputs instead of \(classes)")
        }
        return (0..<classes).map { index in
            framings.indices.reduce(0) { $0 + values[$1 * classes + index] } / Float(framings.count)
        }
    }
}

extension ModelManifest.Attributes.Input {
    /// From 8-bit values to what the network knows.
    fileprivate func normalize(_ chip: inout MutableSpan<Float>) {
        let planeSize = side * side
        for plane in 0..<3 {
            for element in plane * planeSize..<(plane + 1) * planeSize {
                chip[element] = (chip[element] - mean[plane]) * scale
            }
        }
    }
}
