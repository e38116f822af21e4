/// How large a picture may declare itself to be; checked in the header, before memory is taken for pixels.
public struct ImageLimits: Sendable, Hashable {
    /// The largest allowed product of width and height.
    public let maxPixels: Int
    /// The largest allowed width or height in pixels.
    public let maxSide: Int

    /// Limits from the two numbers.
    ///
    /// - Precondition: both are positive.
    public init(maxPixels: Int = 64_000_000, maxSide: Int = 30_000) {
        precondition(maxPixels > 0 && maxSide > 0, "limits that allow no picture")
        self.maxPixels = maxPixels
        self.maxSide = maxSide
    }

    /// Whether a picture of these sides is small enough.
    func allow(width: Int, height: Int) -> Bool {
        guard width <= maxSide, height <= maxSide else { return false }
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        return !overflow && pixels <= maxPixels
    }
}
