public import FaceModel

/// What was found in a picture.
public struct PictureAnalysis: Sendable {
    /// The upright picture's width in pixels.
    public let width: Int
    /// The upright picture's height in pixels.
    public let height: Int
    /// The faces, largest box first.
    public let faces: [DetectedFace]
    /// Where the time went.
    public let timings: Timings

    /// The time that each stage took on its thread, and the wait before it.
    public struct Timings: Sendable {
        /// From the call to the moment when a thread took the picture.
        public var queue: Duration = .zero
        /// Decoding, all scales together.
        public var decode: Duration = .zero
        /// Detection, all looks together.
        public var detect: Duration = .zero
        /// Alignment, embedding and quality of all faces.
        public var embed: Duration = .zero
        /// Age and gender of all faces; zero when they were not asked for.
        public var attributes: Duration = .zero

        /// No time spent yet.
        public init() {}
    }
}
