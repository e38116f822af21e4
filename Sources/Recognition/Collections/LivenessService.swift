public import FaceModel

/// Whether a face is that of somebody who is there, and not a picture of somebody.
public protocol LivenessService: Sendable {
    /// Whether there is a network that can tell.
    var tellsLiveness: Bool { get }

    /// The probability 0…1 that a face of a picture lives; `nil` without a network.
    func liveness(of face: DetectedFace, in picture: [UInt8]) async throws(RecognitionError) -> Double?
}
