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
            found.append(
                detection(
                    cell: cell, columns: columns, stride: stride, score: product.squareRoot(),
                    box: Array(outputs.boxes[4 * cell..<4 * cell + 4]),
                    points: Array(outputs.points[10 * cell..<10 * cell + 10])))
        }
        return found
    }

    /// The faces of one stride, from cells of sixteen numbers: the class confidence as a logit, four of the box, the
    /// object confidence as a logit, ten of the points.
    package static func decode(
        cells: Span<Float>, stride: Int, columns: Int, threshold: Float
    ) -> [Detection] {
        var found: [Detection] = []
        let least = threshold * threshold
        // Neither confidence is above 1, so each must reach the product: most cells are done after one comparison.
        let leastLogit = least < 1 ? log(least / (1 - least)) : .infinity
        for cell in 0..<cells.count / cellSize {
            let start = cell * cellSize
            guard cells[start] >= leastLogit else { continue }
            let product = sigmoid(cells[start]) * sigmoid(cells[start + 5])
            guard product >= least else { continue }
            found.append(
                detection(
                    cell: cell, columns: columns, stride: stride, score: product.squareRoot(),
                    box: (start + 1..<start + 5).map { cells[$0] },
                    points: (start + 6..<start + 16).map { cells[$0] }))
        }
        return found
    }

    /// The numbers of a cell in ``decode(cells:stride:columns:threshold:)``.
    package static let cellSize = 16

    private static func detection(
        cell: Int, columns: Int, stride: Int, score: Float, box: [Float], points: [Float]
    ) -> Detection {
        let (column, row, size) = (Float(cell % columns), Float(cell / columns), Float(stride))
        func point(_ index: Int) -> Point {
            Point(x: (column + points[2 * index]) * size, y: (row + points[2 * index + 1]) * size)
        }
        let (width, height) = (exp(box[2]) * size, exp(box[3]) * size)
        return Detection(
            box: BoundingBox(
                x: (column + box[0]) * size - width / 2, y: (row + box[1]) * size - height / 2, width: width,
                height: height),
            landmarks: Landmarks(
                rightEye: point(0), leftEye: point(1), noseTip: point(2), rightMouthCorner: point(3),
                leftMouthCorner: point(4)),
            score: score)
    }

    private static func clamp(_ value: Float) -> Float { min(1, max(0, value)) }

    private static func sigmoid(_ logit: Float) -> Float { 1 / (1 + exp(-logit)) }
}
