import FaceModel
import Foundation

/// The arithmetic of YuNet's outputs (libfacedetection; OpenCV's `FaceDetectorYN` decodes alike).
///
/// For each stride of 8, 16 and 32 pixels the network says, for every cell of that size: the class and object
/// confidences, whose geometric mean is the score; the box as the centre's offset from the cell in strides and the
/// logarithm of the sides in strides; and five points as offsets from the cell in strides.
package enum YuNetLayout {
    package static let strides = [8, 16, 32]
    /// The input's sides are multiples of the largest stride.
    package static let sideMultiple = 32

    /// One stride's outputs.
    package struct Outputs {
        package let classScores: [Float]
        package let objectScores: [Float]
        package let boxes: [Float]
        package let points: [Float]

        package init(classScores: [Float], objectScores: [Float], boxes: [Float], points: [Float]) {
            self.classScores = classScores
            self.objectScores = objectScores
            self.boxes = boxes
            self.points = points
        }
    }

    /// The faces of one stride with at least the given score.
    package static func decode(_ outputs: Outputs, stride: Int, columns: Int, threshold: Float) -> [Detection] {
        var found: [Detection] = []
        // √(c·o) ≥ t exactly when c·o ≥ t²: the root is taken only for the few cells that pass.
        let least = threshold * threshold
        for cell in outputs.classScores.indices {
            let product = clamp(outputs.classScores[cell]) * clamp(outputs.objectScores[cell])
            guard product >= least else { continue }
            let column = Float(cell % columns)
            let row = Float(cell / columns)
            let size = Float(stride)
            func point(_ index: Int) -> Point {
                let offset = 10 * cell + 2 * index
                return Point(
                    x: (column + outputs.points[offset]) * size, y: (row + outputs.points[offset + 1]) * size)
            }
            let box = (
                dx: outputs.boxes[4 * cell], dy: outputs.boxes[4 * cell + 1],
                width: exp(outputs.boxes[4 * cell + 2]) * size,
                height: exp(outputs.boxes[4 * cell + 3]) * size
            )
            found.append(
                Detection(
                    box: BoundingBox(
                        x: (column + box.dx) * size - box.width / 2, y: (row + box.dy) * size - box.height / 2,
                        width: box.width, height: box.height),
                    landmarks: Landmarks(
                        rightEye: point(0), leftEye: point(1), noseTip: point(2), rightMouthCorner: point(3),
                        leftMouthCorner: point(4)),
                    score: product.squareRoot()))
        }
        return found
    }

    private static func clamp(_ value: Float) -> Float { min(1, max(0, value)) }
}
