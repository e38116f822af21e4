import FaceModel
public import Foundation

/// Comparison of pictures of one person with others, in two grades of care.
public protocol ProbeService: Sendable {
    /// One probe from pictures of one person: the mean of the faces' unit vectors.
    ///
    /// - Parameters:
    ///   - pictures: at least one; the largest face of each counts.
    ///   - isAccurate: whether each face is embedded in several views, which takes about three times as long.
    func probe(from pictures: [PortraitPicture], isAccurate: Bool) async throws(CollectionError) -> ProbeFace

    /// The same faces, each embedded in several views of a picture.
    func refined(_ faces: [ProbeFace], in picture: [UInt8]) async throws(CollectionError) -> [ProbeFace]

    /// The best cosine of a probe and a person's faces.
    func cosine(of probe: ProbeFace, to person: UUID) async throws(CollectionError) -> Double

    /// Crops with a seal, by which they are known again.
    func sealed(_ crops: [[UInt8]?]) -> [[UInt8]?]
}
