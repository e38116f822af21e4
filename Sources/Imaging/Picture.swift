/// A picture in memory: 8-bit RGB, upright.
///
/// Rows follow each other from top to bottom without padding; a pixel is three bytes, red first.
public struct Picture: Sendable, Hashable {
    /// Pixels from left to right, 1 or more.
    public let width: Int
    /// Pixels from top to bottom, 1 or more.
    public let height: Int
    /// Red, green and blue of each pixel, `3 * width * height` bytes.
    public let pixels: [UInt8]

    /// A picture from its bytes.
    ///
    /// - Precondition: both sides are positive and `pixels` has `3 * width * height` bytes.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "a picture has at least one pixel")
        precondition(pixels.count == 3 * width * height, "a pixel is three bytes")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// A picture that is grey all over.
    public static func grey(width: Int, height: Int, level: UInt8 = 128) -> Picture {
        Picture(width: width, height: height, pixels: [UInt8](repeating: level, count: 3 * width * height))
    }
}
