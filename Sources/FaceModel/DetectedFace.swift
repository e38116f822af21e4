/// How a head is turned, in degrees; all three are 0 for a face that looks into the camera.
public struct HeadPose: Sendable, Hashable {
    /// Turn to the side, −90…90; positive when the person looks to the right edge of the picture.
    public var yaw: Float
    /// Nod, −90…90; positive when the person looks up.
    public var pitch: Float
    /// Tilt in the plane of the picture, −180…180; positive clockwise as seen by the viewer.
    public var roll: Float

    /// A pose from its three angles in degrees.
    public init(yaw: Float, pitch: Float, roll: Float) {
        self.yaw = yaw
        self.pitch = pitch
        self.roll = roll
    }
}

/// One face of a picture, measured and embedded.
///
/// Places are in pixels of the full-size picture after its EXIF orientation was applied.
public struct DetectedFace: Sendable, Hashable {
    /// Where the face is.
    public var box: BoundingBox
    /// The five alignment points.
    public var landmarks: Landmarks
    /// The detector's confidence, 0…1.
    public var detectionScore: Float
    /// How the head is turned.
    public var pose: HeadPose
    /// How well the face can be recognised, 0…1.
    public var quality: Float
    /// The unit vector for comparison.
    public var embedding: Embedding
    /// Age and gender, where they were asked for.
    public var attributes: FaceAttributes?
    /// The variance of the Laplacian of the aligned face, some hundreds for a crisp one; `nil` where it was not measured.
    public var sharpness: Float?

    /// A face from its parts.
    public init(
        box: BoundingBox, landmarks: Landmarks, detectionScore: Float, pose: HeadPose, quality: Float,
        embedding: Embedding, attributes: FaceAttributes? = nil, sharpness: Float? = nil
    ) {
        self.box = box
        self.landmarks = landmarks
        self.detectionScore = detectionScore
        self.pose = pose
        self.quality = quality
        self.embedding = embedding
        self.attributes = attributes
        self.sharpness = sharpness
    }
}
