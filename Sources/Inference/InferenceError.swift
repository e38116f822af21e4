/// Why a network could not be loaded or run; the text comes from the runtime.
public enum InferenceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The model file cannot be read, understood or compiled.
    case modelUnusable(path: String, reason: String)
    /// The processor would emulate the precision, slower than it computes with 32-bit floats.
    case precisionNotNative
    /// A network refused to run.
    case runFailed(reason: String)

    /// One line for people.
    public var description: String {
        switch self {
        case .modelUnusable(let path, let reason): "the model \(path) cannot be used: \(reason)"
        case .precisionNotNative: "this processor has no instructions for bfloat16; use float32"
        case .runFailed(let reason): "the network could not be run: \(reason)"
        }
    }
}
