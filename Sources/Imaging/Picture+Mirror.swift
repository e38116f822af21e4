extension Picture {
    /// The picture as a mirror shows it: left and right exchanged.
    public var mirrored: Picture {
        var mirrored = [UInt8](repeating: 0, count: pixels.count)
        for row in 0..<height {
            let start = 3 * row * width
            for column in 0..<width {
                let (from, to) = (start + 3 * column, start + 3 * (width - 1 - column))
                mirrored[to] = pixels[from]
                mirrored[to + 1] = pixels[from + 1]
                mirrored[to + 2] = pixels[from + 2]
            }
        }
        return Picture(width: width, height: height, pixels: mirrored)
    }
}
