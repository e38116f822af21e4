/// The five points by which a face is aligned.
///
/// Right and left are the person's own: in a frontal picture the right eye has the smaller x.
public struct Landmarks: Sendable, Hashable {
    /// Centre of the person's right eye (left in the picture).
    public var rightEye: Point
    /// Centre of the person's left eye (right in the picture).
    public var leftEye: Point
    /// Tip of the nose.
    public var noseTip: Point
    /// The person's right corner of the mouth (left in the picture).
    public var rightMouthCorner: Point
    /// The person's left corner of the mouth (right in the picture).
    public var leftMouthCorner: Point

    /// Landmarks from the five points.
    public init(rightEye: Point, leftEye: Point, noseTip: Point, rightMouthCorner: Point, leftMouthCorner: Point) {
        self.rightEye = rightEye
        self.leftEye = leftEye
        self.noseTip = noseTip
        self.rightMouthCorner = rightMouthCorner
        self.leftMouthCorner = leftMouthCorner
    }

    /// The points in the order of the detector and of the alignment template:
    /// right eye, left eye, nose tip, right and left corner of the mouth.
    public var points: [5 of Point] { [rightEye, leftEye, noseTip, rightMouthCorner, leftMouthCorner] }

    /// The same face in a picture `factor` times as large.
    public func scaled(by factor: Float) -> Landmarks {
        func scale(_ point: Point) -> Point { Point(x: point.x * factor, y: point.y * factor) }
        return Landmarks(
            rightEye: scale(rightEye), leftEye: scale(leftEye), noseTip: scale(noseTip),
            rightMouthCorner: scale(rightMouthCorner), leftMouthCorner: scale(leftMouthCorner))
    }
}
