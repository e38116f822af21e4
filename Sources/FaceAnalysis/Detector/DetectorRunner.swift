import CDetectorKernels
package import CProcessor

/// What runs the detector's network.
package enum DetectorRunner: Sendable, Equatable {
    /// The project's own kernels, with instructions that this processor has; where there are no weights for them, the
    /// runtime.
    case kernels(instruction_set)
    /// The inference runtime.
    case runtime

    /// The quickest on this processor.
    package static var best: DetectorRunner {
        let instructions = instruction_set_best()
        return detector_kernels_are_fast(instructions) ? .kernels(instructions) : .runtime
    }
}
