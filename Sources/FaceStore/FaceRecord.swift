public import FaceModel
public import Foundation

/// What is stored of a reference face and its photo.
public struct FaceRecord: Sendable {
    /// The id of the photo and of the face in it.
    public var id: UUID
    /// The photo's file.
    public var image: [UInt8]
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

    /// A record from its parts.
    public init(
        id: UUID = UUID(), image: [UInt8], mediaType: String, embedding: Embedding, model: ModelID, quality: Float,
        box: BoundingBox? = nil, landmarks: Landmarks? = nil
    ) {
        self.id = id
        self.image = image
        self.mediaType = mediaType
        self.embedding = embedding
        self.model = model
        self.quality = quality
        self.box = box
        self.landmarks = landmarks
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
