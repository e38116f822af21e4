/// How large a picture may declare itself to be; checked in the header, before memory is taken for pixels.
public struct ImageLimits: Sendable, Hashable {
    /// The largest allowed product of width and height.
    public let maxPixels: Int
    /// The largest allowed width or height in pixels.
    public let maxSide: Int
    /// The largest allowed product of width, height and the number of scans of a JPEG that has several, a progressive
    /// one as a rule: each scan is a walk over all pixels, however few bytes it has.
    public let maxScannedPixels: Int
    /// How many bytes a PNG may unpack to; a file of some hundred kilobytes can hold hundreds of megabytes.
    public let maxUnpackedSize: Int

    /// Limits from the numbers.
    ///
    /// - Precondition: all are positive.
    public init(
        maxPixels: Int = 64_000_000, maxSide: Int = 30_000, maxScannedPixels: Int = 400_000_000,
        maxUnpackedSize: Int = 128 << 20
    ) {
        precondition(
            maxPixels > 0 && maxSide > 0 && maxScannedPixels > 0 && maxUnpackedSize > 0,
            "limits that allow no picture")
        self.maxPixels = maxPixels
        self.maxSide = maxSide
        self.maxScannedPixels = maxScannedPixels
        self.maxUnpackedSize = maxUnpackedSize
    }

    /// Refuses a picture of these sides if it is too large.
    func check(width: Int, height: Int) throws(ImagingError) {
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard width <= maxSide, height <= maxSide, !overflow, pixels <= maxPixels else {
            throw .tooLarge(width: width, height: height, limits: self)
        }
    }

    /// Refuses a JPEG of so many scans if it takes too long; the sides have been checked.
    func check(scans: Int, width: Int, height: Int) throws(ImagingError) {
        let (scanned, overflow) = (width * height).multipliedReportingOverflow(by: scans)
        guard !overflow, scanned <= maxScannedPixels else {
            throw .tooManyScans(scans, pixels: width * height, limit: maxScannedPixels)
        }
    }

    /// Refuses a PNG that unpacks to so many bytes if they are too many.
    func check(unpackedSize: Int) throws(ImagingError) {
        guard unpackedSize <= maxUnpackedSize else {
            throw .unpacksTooLarge(size: unpackedSize, limit: maxUnpackedSize)
        }
    }
}
