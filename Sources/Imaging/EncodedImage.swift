/// A JPEG or PNG file whose header was read and found acceptable; its pixels are still encoded.
///
/// Making one is cheap and takes no memory for pixels, so that a picture too large is refused before it costs
/// anything. It can be decoded several times, at several sizes.
public struct EncodedImage: Sendable {
    /// The file.
    public let bytes: [UInt8]
    /// What kind of file it is.
    public let format: ImageFormat
    /// Pixels from left to right as they are stored, before the orientation is applied.
    public let storedWidth: Int
    /// Pixels from top to bottom as they are stored, before the orientation is applied.
    public let storedHeight: Int
    /// How the stored pixels are to be turned.
    public let orientation: ExifOrientation

    /// Reads the header of a file.
    ///
    /// - Throws: ``ImagingError``, for bytes that are no JPEG or PNG, for a header that makes no sense, and for one
    ///   that declares more than `limits`. Damage behind the header shows in ``decode(longestSideAtLeast:)``.
    public init(_ bytes: [UInt8], limits: ImageLimits = ImageLimits()) throws(ImagingError) {
        let header = try ImageHeader(bytes, limits: limits)
        self.bytes = bytes
        format = header.format
        storedWidth = header.storedWidth
        storedHeight = header.storedHeight
        orientation =
            switch format {
            case .jpeg: JPEGSegments.orientation(of: bytes)
            case .png: try PNGDecoder().orientation(of: bytes)
            }
    }

    /// Pixels from left to right of the upright picture in full size.
    public var width: Int { orientation.swapsSides ? storedHeight : storedWidth }
    /// Pixels from top to bottom of the upright picture in full size.
    public var height: Int { orientation.swapsSides ? storedWidth : storedHeight }

    /// Decodes the pixels and turns them upright.
    ///
    /// A JPEG can be decoded to an eighth, a quarter or half of its size at a fraction of the time, since the decoder
    /// leaves out the frequencies that would be averaged away. Other formats are always decoded in full.
    ///
    /// - Parameters:
    ///   - longestSideAtLeast: the picture may come out smaller than it is stored, as long as its longer side has this
    ///     many pixels; `nil` asks for the full size.
    ///   - helpers: take part in the work, where it can be divided; the pixels are the same.
    /// - Returns: the picture, and its size in relation to the full one: 1, ½, ¼ or ⅛. A place in the full picture
    ///   is the place in this picture divided by `scale`.
    /// - Throws: ``ImagingError/damaged(reason:)``, also for a file that ends before its picture does.
    public func decode(
        longestSideAtLeast: Int? = nil, helpers: (any Helpers)? = nil
    ) throws(ImagingError) -> (picture: Picture, scale: Float) {
        switch format {
        case .jpeg:
            let reduction = JPEGReduction.forSide(longestSideAtLeast, of: max(storedWidth, storedHeight))
            let pixels = try JPEGDecoder().pixels(of: bytes, reducedBy: reduction, helpers: helpers)
            let picture = orientation.upright(
                pixels, width: reduction.reduced(storedWidth), height: reduction.reduced(storedHeight))
            return (picture, reduction.scale)
        case .png:
            let pixels = try PNGDecoder().pixels(of: bytes, width: storedWidth, height: storedHeight)
            return (orientation.upright(pixels, width: storedWidth, height: storedHeight), 1)
        }
    }
}
