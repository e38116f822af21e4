public import FaceModel
public import Foundation

/// What is stored of a reference face and its photo.
public struct FaceRecord: Sendable {
    /// The id of the photo and of the face in it.
    public var id: UUID
    /// The photo's file; `nil` where none is kept.
    public var image: [UInt8]?
    /// Its media type, `image/jpeg` as a rule.
    public var mediaType: String
    /// The unit vector.
    public var embedding: Embedding
    /// The model that made it, as ``ModelRepository`` numbers it.
    public var model: ModelID
    /// How well the face can be recognised, 0…1.
    public var quality: Float
    /// Where the face is; `nil` when it came as a template.
    public var box: BoundingBox?
    /// The five alignment points; `nil` when the face came as a template.
    public var landmarks: Landmarks?
    /// How the head is turned; `nil` where it was not measured.
    public var pose: HeadPose?
    /// The aligned face as a JPEG file; `nil` where none is kept.
    public var thumbnail: [UInt8]?
    /// How many embeddings went into this one, 1 or more.
    public var weight: Int

    /// A record from its parts.
    public init(
        id: UUID = UUID(), image: [UInt8]?, mediaType: String, embedding: Embedding, model: ModelID, quality: Float,
        box: BoundingBox? = nil, landmarks: Landmarks? = nil, pose: HeadPose? = nil, thumbnail: [UInt8]? = nil,
        weight: Int = 1
    ) {
        self.id = id
        self.image = image
        self.mediaType = mediaType
        self.embedding = embedding
        self.model = model
        self.quality = quality
        self.box = box
        self.landmarks = landmarks
        self.pose = pose
        self.thumbnail = thumbnail
        self.weight = weight
    }
}

extension BoundingBox {
    /// The column's order: x, y, width, height.
    var columns: [Float] { [x, y, width, height] }
}

extension Landmarks {
    /// The column's order: x and y of each point.
    var columns: [Float] {
        [rightEye, leftEye, noseTip, rightMouthCorner, leftMouthCorner].flatMap { [$0.x, $0.y] }
    }
}

extension HeadPose {
    /// The column's order: yaw, pitch, roll.
    var columns: [Float] { [yaw, pitch, roll] }
}
