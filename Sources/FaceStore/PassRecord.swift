public import FaceModel

/// What is stored of a captured face.
public struct PassRecord: Sendable {
    /// The row of the log.
    public var pass: Pass
    /// The captured picture, a JPEG file.
    public var picture: [UInt8]
    /// The model that made the embedding.
    public var model: ModelID

    /// A record from its parts.
    public init(pass: Pass, picture: [UInt8], model: ModelID) {
        self.pass = pass
        self.picture = picture
        self.model = model
    }
}

/// What one frame changes, all or nothing.
public struct FrameRecord: Sendable {
    /// New rows.
    public var passes: [PassRecord]
    /// Rows that get a better picture of the same pass; time and camera stay.
    public var improvements: [PassRecord]
    /// The persons that were recognised.
    public var tallies: [RecognitionTally]
    /// What the platform is told.
    public var events: [PlatformEvent]

    /// A record from its parts.
    public init(
        passes: [PassRecord] = [], improvements: [PassRecord] = [], tallies: [RecognitionTally] = [],
        events: [PlatformEvent] = []
    ) {
        self.passes = passes
        self.improvements = improvements
        self.tallies = tallies
        self.events = events
    }
}
