package import FaceModel

/// A face as the detector reports it, in pixels of the picture that the detector saw.
package struct Detection: Sendable, Equatable {
    package var box: BoundingBox
    package var landmarks: Landmarks
    package var score: Float

    package init(box: BoundingBox, landmarks: Landmarks, score: Float) {
        self.box = box
        self.landmarks = landmarks
        self.score = score
    }

    /// Whether all numbers are such as a face in a picture can have; a network can put out anything.
    var isPlausible: Bool {
        let corners = [box.x, box.y, box.width, box.height]
        let points = landmarks.points
        return corners.allSatisfy { abs($0) <= Self.farthest }
            && points.indices.allSatisfy { abs(points[$0].x) <= Self.farthest && abs(points[$0].y) <= Self.farthest }
    }

    /// No picture has so many pixels in a row, even when it is enlarged.
    private static let farthest: Float = 1e6

    func scaled(by factor: Float) -> Detection {
        Detection(box: box.scaled(by: factor), landmarks: landmarks.scaled(by: factor), score: score)
    }
}

extension [Detection] {
    /// The largest ones, at most so many, in their order.
    package func largest(_ count: Int) -> [Detection] {
        guard self.count > count else { return self }
        let places = indices.sorted { self[$0].box.area > self[$1].box.area }.prefix(count).sorted()
        return places.map { self[$0] }
    }
}

/// Keeps the best of detections that overlap: non-maximum suppression, greedy, highest score first.
package func suppressOverlaps(_ detections: [Detection], threshold: Float) -> [Detection] {
    var kept: [Detection] = []
    for detection in detections.sorted(by: { $0.score > $1.score })
    where kept.allSatisfy({ $0.box.overlap(with: detection.box) <= threshold }) {
        kept.append(detection)
    }
    return kept
}
