/// What the first bytes of a JPEG or PNG file say: how large the picture is, and what decoding it will cost.
///
/// Reading one is cheap, takes no memory and unpacks nothing.
public struct ImageHeader: Sendable, Hashable {
    /// What kind of file it is.
    public let format: ImageFormat
    /// Pixels from left to right as they are stored, before any orientation is applied.
    public let storedWidth: Int
    /// Pixels from top to bottom as they are stored, before any orientation is applied.
    public let storedHeight: Int
    /// The most memory that decoding in full size takes at once, in bytes; the picture that comes out is part of it.
    public let memoryToDecode: Int

    /// The memory of the decoded picture in full size, in bytes.
    public var memoryOfPixels: Int { 3 * storedWidth * storedHeight }

    /// Reads the header of a file.
    ///
    /// - Throws: ``ImagingError``, for bytes that are no JPEG or PNG, for a header that makes no sense, and for one
    ///   that declares more than `limits`.
    public init(_ bytes: [UInt8], limits: ImageLimits = ImageLimits()) throws(ImagingError) {
        guard !bytes.isEmpty else { throw .empty }
        guard let format = ImageFormat(signatureOf: bytes) else { throw .unknownFormat }
        self.format = format
        let pixelSize: Int
        switch format {
        case .jpeg:
            let header = try JPEGDecoder().header(of: bytes)
            (storedWidth, storedHeight) = (header.width, header.height)
            try limits.check(width: storedWidth, height: storedHeight)
            let layout = JPEGLayout(of: bytes)
            if layout.isBuffered {
                try limits.check(scans: layout.scanCount(of: bytes), width: storedWidth, height: storedHeight)
            }
            // Inks stand beside the colours that they become; a picture is turned from one place into another.
            pixelSize = (header.isCMYK ? 4 : 3) + 3 + (layout.isBuffered ? 2 * header.samplesPerPixel : 0)
        case .png:
            let header = try PNGDecoder().shape(of: bytes)
            (storedWidth, storedHeight) = (header.width, header.height)
            try limits.check(width: storedWidth, height: storedHeight)
            try limits.check(unpackedSize: header.unpackedSize)
            // What is transparent is decoded with its transparency first, and colours stand beside it.
            pixelSize = 4 + 3
        }
        memoryToDecode = pixelSize * storedWidth * storedHeight
    }
}
