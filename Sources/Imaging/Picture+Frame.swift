extension Picture {
    /// The picture in the middle of a larger, black one.
    ///
    /// - Parameter margin: how many pixels are added on each side, 0 or more.
    public func framed(by margin: Int) -> Picture {
        precondition(margin >= 0, "a frame is not cut out of the picture")
        let (fullWidth, fullHeight) = (width + 2 * margin, height + 2 * margin)
        var framed = [UInt8](repeating: 0, count: 3 * fullWidth * fullHeight)
        for row in 0..<height {
            let (from, to) = (3 * row * width, 3 * ((row + margin) * fullWidth + margin))
            framed.replaceSubrange(to..<to + 3 * width, with: pixels[from..<from + 3 * width])
        }
        return Picture(width: fullWidth, height: fullHeight, pixels: framed)
    }
}
