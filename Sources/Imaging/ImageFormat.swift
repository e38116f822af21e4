/// The file formats that can be read.
public enum ImageFormat: Sendable, Hashable, CaseIterable {
    /// Baseline or progressive JPEG.
    case jpeg
    /// PNG.
    case png

    /// The media type for HTTP.
    public var mediaType: String {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        }
    }

    /// The format that the first bytes announce; `nil` when it is neither.
    init?(signatureOf bytes: [UInt8]) {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else {
            return nil
        }
    }
}
