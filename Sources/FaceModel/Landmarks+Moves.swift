extension Landmarks {
    /// The same face after its picture was moved.
    public func moved(x: Float, y: Float) -> Landmarks {
        func move(_ point: Point) -> Point { Point(x: point.x + x, y: point.y + y) }
        return Landmarks(
            rightEye: move(rightEye), leftEye: move(leftEye), noseTip: move(noseTip),
            rightMouthCorner: move(rightMouthCorner), leftMouthCorner: move(leftMouthCorner))
    }

    /// The same face in the mirrored picture, where the person's left becomes the right.
    ///
    /// - Parameter width: the picture's width in pixels.
    public func mirrored(inWidth width: Int) -> Landmarks {
        func mirror(_ point: Point) -> Point { Point(x: Float(width - 1) - point.x, y: point.y) }
        return Landmarks(
            rightEye: mirror(leftEye), leftEye: mirror(rightEye), noseTip: mirror(noseTip),
            rightMouthCorner: mirror(leftMouthCorner), leftMouthCorner: mirror(rightMouthCorner))
    }
}
