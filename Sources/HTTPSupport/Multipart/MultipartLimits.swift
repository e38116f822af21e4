/// What a form in parts may ask of the server's memory; the size of the whole body is bounded by who reads it.
public struct MultipartLimits: Sendable, Hashable {
    /// The largest number of parts.
    public var maximumParts: Int
    /// The largest size of one part's headers in bytes.
    public var maximumHeaderSize: Int

    /// Limits.
    public init(maximumParts: Int = 256, maximumHeaderSize: Int = 8 << 10) {
        self.maximumParts = maximumParts
        self.maximumHeaderSize = maximumHeaderSize
    }
}
