public import Imaging
public import Inference

/// Why a picture could not be analysed.
public enum FaceAnalysisError: Error, Sendable {
    /// The models folder or its manifest cannot be used; the text says what is wrong, for people.
    case modelsUnusable(String)
    /// The bytes are no picture.
    case image(ImagingError)
    /// A network failed.
    case network(InferenceError)
    /// Too many pictures wait already.
    case overloaded
    /// The analyser is shutting down, or the caller went away.
    case cancelled
}
