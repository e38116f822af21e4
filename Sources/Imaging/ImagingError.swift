/// Why bytes did not become a picture, or a picture not bytes.
public enum ImagingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There are no bytes.
    case empty
    /// The bytes are neither JPEG nor PNG.
    case unknownFormat
    /// The file says what it is, and then cannot be decoded; the text comes from the decoder.
    case damaged(reason: String)
    /// The header declares more pixels, or a longer side, than the limits allow.
    case tooLarge(width: Int, height: Int, limits: ImageLimits)
    /// A JPEG has more scans than the limits allow for its size.
    case tooManyScans(Int, pixels: Int, limit: Int)
    /// A PNG unpacks to more bytes than the limits allow.
    case unpacksTooLarge(size: Int, limit: Int)
    /// A picture could not be written; the text comes from the encoder.
    case notEncoded(reason: String)

    /// One line for people.
    public var description: String {
        switch self {
        case .empty: "the picture has no bytes"
        case .unknownFormat: "the picture is neither JPEG nor PNG"
        case .damaged(let reason): "the picture cannot be decoded: \(reason)"
        case .tooLarge(let width, let height, let limits):
            "the picture is too large: \(width) × \(height) pixels; "
                + "at most \(limits.maxPixels) pixels and \(limits.maxSide) on a side are allowed"
        case .tooManyScans(let scans, let pixels, let limit):
            "the picture is too large: \(scans) scans of \(pixels) pixels; at most \(limit) pixels in all scans are allowed"
        case .unpacksTooLarge(let size, let limit):
            "the picture is too large: it unpacks to \(size) bytes; at most \(limit) are allowed"
        case .notEncoded(let reason): "the picture cannot be encoded: \(reason)"
        }
    }
}
