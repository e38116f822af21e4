public import Imaging
public import Inference

/// Why a picture could not be analysed.
public enum FaceAnalysisError: Error, Sendable, CustomStringConvertible {
    /// The models folder or its manifest cannot be used; the text says what is wrong, for people.
    case modelsUnusable(String)
    /// The bytes are no picture.
    case image(ImagingError)
    /// A network failed.
    case network(InferenceError)
    /// Too many pictures wait already.
    case overloaded
    /// The picture waited for a thread until nobody waited for the answer any more.
    case late
    /// The picture would take more memory than all pictures together may have.
    case tooLarge
    /// The analyser is shutting down, or the caller went away.
    case cancelled

    /// One line for people.
    public var description: String {
        switch self {
        case .modelsUnusable(let reason): reason
        case .image(let error): "\(error)"
        case .network(let error): "\(error)"
        case .overloaded: "too many pictures wait"
        case .late: "the picture waited too long"
        case .tooLarge: "the picture takes more memory than there is for pictures"
        case .cancelled: "the analyser is shutting down"
        }
    }
}
