/// Why something could not be done with collections, or with persons that have several faces.
public enum CollectionError: Error, Sendable, Hashable {
    /// What any use case may say.
    case recognition(RecognitionError)
    /// No collection has this id or name.
    case unknownCollection
    /// Another collection has the name.
    case nameTaken
    /// Another person has the id.
    case personTaken
    /// The collection has a person with a face like this one.
    case similarPerson
    /// The person has no such face.
    case unknownFace
    /// The person would have more faces than are allowed.
    case tooManyFaces
    /// The person would have no face any more.
    case noFaceLeft
    /// The largest face is smaller than the given number of pixels.
    case faceTooSmall(Int)
    /// A picture that should be an aligned face is none that this server made.
    case notAligned
}

/// Runs a use case as a part of one about collections.
func collecting<R>(
    _ body: () async throws(RecognitionError) -> R
) async throws(CollectionError) -> R {
    do {
        return try await body()
    } catch {
        throw .recognition(error)
    }
}
