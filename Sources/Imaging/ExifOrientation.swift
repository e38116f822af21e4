/// How stored pixels are to be turned to stand upright: the EXIF tag 0x0112, by its eight values.
///
/// The names say what is done to the stored picture.
public enum ExifOrientation: Int, Sendable, Hashable, CaseIterable {
    /// Nothing: the pixels are stored upright.
    case upright = 1
    /// Left and right change places.
    case mirror = 2
    /// Half a turn.
    case halfTurn = 3
    /// Top and bottom change places.
    case flip = 4
    /// Rows become columns.
    case transpose = 5
    /// A quarter turn clockwise.
    case clockwise = 6
    /// Rows become columns, and half a turn.
    case transverse = 7
    /// A quarter turn counterclockwise.
    case counterclockwise = 8

    /// Whether width and height change places.
    public var swapsSides: Bool { rawValue >= 5 }

    /// Turns interleaved RGB pixels of the stored sides upright; costs nothing when they are.
    func upright(_ stored: [UInt8], width: Int, height: Int) -> Picture {
        if self == .upright { return Picture(width: width, height: height, pixels: stored) }
        precondition(stored.count == 3 * width * height, "a pixel is three bytes")
        // Stepping right or down in the upright picture is a fixed step in the stored one.
        let (right, down) = (3, 3 * width)
        let (rightmost, lowest) = (right * (width - 1), down * (height - 1))
        let (start, stepX, stepY) =
            switch self {
            case .upright: (0, right, down)
            case .mirror: (rightmost, -right, down)
            case .halfTurn: (rightmost + lowest, -right, -down)
            case .flip: (lowest, right, -down)
            case .transpose: (0, down, right)
            case .clockwise: (lowest, -down, right)
            case .transverse: (rightmost + lowest, -down, -right)
            case .counterclockwise: (rightmost, down, -right)
            }
        let (uprightWidth, uprightHeight) = swapsSides ? (height, width) : (width, height)
        let pixels = unsafe [UInt8](unsafeUninitializedCapacity: stored.count) { buffer, count in
            unsafe stored.withUnsafeBufferPointer { stored in
                guard let source = stored.baseAddress, let target = buffer.baseAddress else { return }
                // Tiles keep the rows that a column touches in the cache.
                let tile = 32
                for top in stride(from: 0, to: uprightHeight, by: tile) {
                    for left in stride(from: 0, to: uprightWidth, by: tile) {
                        for y in top..<min(top + tile, uprightHeight) {
                            var from = unsafe source + (start + y * stepY + left * stepX)
                            var to = unsafe target + 3 * (y * uprightWidth + left)
                            for _ in left..<min(left + tile, uprightWidth) {
                                unsafe to[0] = from[0]
                                unsafe to[1] = from[1]
                                unsafe to[2] = from[2]
                                unsafe from += stepX
                                unsafe to += 3
                            }
                        }
                    }
                }
            }
            count = stored.count
        }
        return Picture(width: uprightWidth, height: uprightHeight, pixels: pixels)
    }
}
