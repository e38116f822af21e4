public import FaceModel

/// Says what a picture shows before anybody looks at it: how a test makes a recognition end in a given way.
public protocol PictureInterpreter: Sendable {
    /// What is to be believed of a picture; `nil`: what the networks see.
    func interpretation(of picture: [UInt8]) -> Interpretation?
}

/// What is to be believed of a picture.
public enum Interpretation: Sendable, Hashable {
    /// One face, which is this person's.
    case person(PersonKey, similarity: Double)
    /// So many faces of people whom nobody knows.
    case strangers(Int)
    /// No face.
    case noFace
    /// One face that cannot be recognised well enough.
    case lowQuality
    /// The server is not ready.
    case notReady
}
