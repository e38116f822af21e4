import FaceModel
public import Foundation

/// What dialects with rules of their own ask of the engine: faces of pictures, and who is like them.
public protocol FaceEngine: Sendable {
    /// The number of coordinates of an embedding.
    var dimension: Int { get }

    /// The cosines from which one pair in 1,000, in 10,000, in 100,000 and in 1,000,000 of different persons is taken
    /// for the same one.
    var falseMatchCosines: [Double] { get }

    /// The faces of a picture.
    ///
    /// - Parameters:
    ///   - wantsAttributes: whether age and gender are estimated.
    ///   - wantsThumbnails: whether the aligned faces come along as JPEG files.
    func examine(
        _ picture: [UInt8], wantsAttributes: Bool, wantsThumbnails: Bool
    ) async throws(RecognitionError) -> Examination

    /// The persons most like some faces, in several galleries together.
    ///
    /// - Parameter limit: how many persons per face, 1 or more.
    /// - Returns: for each face its matches, highest cosine first; equal ones in the order of the galleries.
    func matches(
        of faces: [ProbeFace], in galleries: [UUID], limit: Int
    ) async throws(RecognitionError) -> [[FaceMatch]]

    /// The thumbnails of stored faces: kept ones, and for others those that are made from the kept photo.
    ///
    /// - Returns: JPEG files by face; a face without a picture is left out.
    func thumbnails(of faces: [UUID]) async throws(RecognitionError) -> [UUID: [UInt8]]
}

/// What a picture shows.
public struct Examination: Sendable {
    /// The upright picture's width in pixels.
    public let width: Int
    /// The upright picture's height in pixels.
    public let height: Int
    /// The faces, largest box first.
    public let faces: [ProbeFace]
    /// The aligned face of each face as a JPEG file; empty where they were not asked for.
    public let thumbnails: [[UInt8]?]
    /// How long the estimates of age and gender took, for all faces together.
    public let attributesDuration: Duration
}

/// Somebody who is like a face.
public struct FaceMatch: Sendable, Hashable {
    /// The person.
    public let person: UUID
    /// The gallery in which the person was found.
    public let gallery: UUID
    /// The person's face that is most alike.
    public let face: UUID
    /// The cosine of the two embeddings, −1…1.
    public let cosine: Double
}
