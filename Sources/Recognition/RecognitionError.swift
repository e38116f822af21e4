/// Why a use case could not be carried out. Every dialect turns each case into a code of its own.
public enum RecognitionError: Error, Sendable, Hashable {
    /// The gallery is still being loaded.
    case notReady
    /// The queue for picture analysis is full; try again in a moment.
    case overloaded
    /// The bytes are no picture that can be decoded; the text says why, for people.
    case unreadableImage(String)
    /// No face was found in the picture.
    case noFace
    /// The picture shows more faces than the one that is asked for.
    case severalFaces(Int)
    /// The face can be seen, but not well enough for the configured limit.
    case lowQuality(Float)
    /// A template has the wrong length or version, or another model made it.
    case invalidTemplate
    /// A text holds a character that cannot be stored (NUL).
    case invalidText
    /// No person has this key.
    case unknownPerson
    /// Something else has this id or this name already.
    case alreadyExists
    /// No camera has this id.
    case unknownCamera
    /// The configured number of persons is reached.
    case limitReached
    /// The database cannot be reached or refused the work; nothing was acknowledged.
    case storeUnavailable
}
