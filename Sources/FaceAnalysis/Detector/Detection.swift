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

    func scaled(by factor: Float) -> Detection {
        Detection(box: box.scaled(by: factor), landmarks: landmarks.scaled(by: factor), score: score)
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
