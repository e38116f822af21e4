/// Why a use case could not be carried out. Every dialect turns each case into a code of its own.
public enum RecognitionError: Error, Sendable, Hashable {
    /// The gallery is still being loaded.
    case notReady
    /// The queue for picture analysis or for the database is full, or others were in the way; try again in a moment.
    case overloaded
    /// The caller waited as long as anybody may, and nothing was done.
    case late
    /// The answer would be larger than an answer may be; the caller should ask for less at a time.
    case tooMuch
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
    /// A value is too large for the database, or no such value as it keeps.
    case invalidValue
    /// No person has this key.
    case unknownPerson
    /// Something else has this id or this name already.
    case alreadyExists
    /// Something that the call refers to was deleted meanwhile.
    case vanished
    /// No camera has this id.
    case unknownCamera
    /// The configured number of persons is reached.
    case limitReached
    /// The database cannot be reached; nothing was acknowledged.
    case storeUnavailable
    /// The database refused the work for a reason that nobody foresaw; the log says which. Nothing was acknowledged.
    case storeFailed
}
