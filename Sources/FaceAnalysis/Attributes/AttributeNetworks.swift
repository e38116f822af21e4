import Foundation
import Inference
import Synchronization

/// The networks for age and gender, compiled when the first picture asks for them.
///
/// A server that is never asked has neither the start nor the memory of them.
final class AttributeNetworks: Sendable {
    static let ageFramings = ChipFraming.around
    /// The gender hardly depends on the framing.
    static let genderFramings = [ChipFraming.straight]

    private struct Compiled {
        let age: Network
        let gender: Network
    }

    private let runtime: InferenceRuntime
    private let settings: ModelManifest.Attributes
    private let folder: URL
    private let plan: ExecutionPlan
    private let compiled = Mutex<Compiled?>(nil)

    /// - Throws: ``FaceAnalysisError/modelsUnusable(_:)`` when a file is missing.
    init(
        _ settings: ModelManifest.Attributes, folder: URL, runtime: InferenceRuntime, plan: ExecutionPlan
    ) throws(FaceAnalysisError) {
        for file in [settings.age.file, settings.gender.file] {
            let path = folder.appending(path: file).path
            guard FileManager.default.fileExists(atPath: path) else { throw .modelsUnusable("\(path) is missing") }
        }
        self.settings = settings
        self.folder = folder
        self.runtime = runtime
        self.plan = plan
    }

    /// An estimator of one's own. The first call compiles, others that come meanwhile wait for it.
    func makeEstimator() throws(InferenceError) -> AttributeEstimator {
        let networks = try compiled.withLock { (compiled) throws(InferenceError) in
            if let compiled { return compiled }
            let networks = Compiled(
                age: try network(settings.age.file, side: settings.age.input.side, batch: Self.ageFramings.count),
                gender: try network(
                    settings.gender.file, side: settings.gender.input.side, batch: Self.genderFramings.count))
            compiled = networks
            return networks
        }
        return AttributeEstimator(
            age: try networks.age.makeSession(), gender: try networks.gender.makeSession(), settings: settings)
    }

    private func network(_ file: String, side: Int, batch: Int) throws(InferenceError) -> Network {
        try runtime.network(
            at: folder.appending(path: file).path, inputShape: [batch, 3, side, side], plan: plan)
    }
}
