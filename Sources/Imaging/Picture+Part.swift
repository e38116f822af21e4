public import FaceModel

extension Picture {
    /// The part of the picture that lies in a box; what reaches over the edge is left out.
    ///
    /// - Returns: `nil` when nothing of the box lies in the picture.
    public func part(_ box: BoundingBox) -> Picture? {
        let left = max(0, Int(box.x.rounded(.down)))
        let top = max(0, Int(box.y.rounded(.down)))
        let right = min(width, Int((box.x + box.width).rounded(.up)))
        let bottom = min(height, Int((box.y + box.height).rounded(.up)))
        guard left < right, top < bottom else { return nil }
        var part: [UInt8] = []
        part.reserveCapacity(3 * (right - left) * (bottom - top))
        for row in top..<bottom {
            let start = 3 * (row * width + left)
            part += pixels[start..<start + 3 * (right - left)]
        }
        return Picture(width: right - left, height: bottom - top, pixels: part)
    }
}
