import COpenVINO

/// The numbers that a network computes with.
///
/// It is always said to the runtime: left alone, OpenVINO takes bfloat16 wherever the processor knows it, so that the
/// same photo would have other embeddings on another machine.
public enum InferencePrecision: String, Sendable, Hashable, CaseIterable {
    /// 32-bit floats: the same embeddings on every processor, but for the order of additions.
    case float32
    /// 16-bit floats with 8 bits of precision, summed up in 32 bits: quicker, and a little off.
    case bfloat16

    /// Whether this processor has instructions for it.
    public var isNative: Bool {
        switch self {
        case .float32: true
        case .bfloat16: openvino_bfloat16_is_native()
        }
    }

    /// The runtime's name of it.
    var runtimeName: String {
        switch self {
        case .float32: "f32"
        case .bfloat16: "bf16"
        }
    }
}
