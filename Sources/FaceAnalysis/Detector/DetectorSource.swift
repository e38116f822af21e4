import CProcessor
import Foundation
import Inference

/// Where the analysis threads' detectors come from.
enum DetectorSource: Sendable {
    /// The project's own kernels.
    case kernels(YuNetWeights, instruction_set)
    /// The inference runtime, and the network for a picture that is alone.
    case runtime(NetworkCompiler, wide: Network?)

    /// - Parameter wideThreads: on how many threads a picture that is alone is worked on.
    init(
        _ compiler: NetworkCompiler, runner: DetectorRunner, wideThreads: Int
    ) throws(FaceAnalysisError) {
        if case .kernels(let instructions) = runner, let file = compiler.manifest.detector.weights {
            let weights = try YuNetWeights(contentsOf: compiler.folder.appending(path: file))
            self = .kernels(weights, instructions)
        } else {
            self = .runtime(compiler, wide: wideThreads > 1 ? try compiler.detector(threads: wideThreads) : nil)
        }
    }

    /// A detector for one thread.
    func makeDetector(load: AnalysisLoad) throws(FaceAnalysisError) -> any DetectorNetwork {
        switch self {
        case .kernels(let weights, let instructions):
            return KernelDetector(weights: weights, instructions: instructions, load: load)
        case .runtime(let compiler, let wide):
            let own = try compiler.detector(threads: 1)
            do throws(InferenceError) {
                return RuntimeDetector(session: try own.makeSession(wide: wide), load: load)
            } catch {
                throw .network(error)
            }
        }
    }
}
