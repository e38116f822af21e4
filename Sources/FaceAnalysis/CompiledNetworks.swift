import FaceModel
import Foundation
import Inference

/// Detector and embedder, compiled for some number of threads.
///
/// Each analysis thread has networks of its own, compiled for one thread: a run then takes place on the thread that
/// asks for it, where a network with several streams hands it over. On two cores that is a tenth to a fifth more pictures
/// per second, for 100 MB of memory per thread. One more pair is compiled for all cores, for a picture that is alone.
/// The outputs are the same bit for bit, however many threads they come from.
struct CompiledNetworks: Sendable {
    let detector: Network
    let embedder: Network

    /// Compiles both, which takes half a second.
    init(
        _ manifest: ModelManifest, folder: URL, runtime: InferenceRuntime, threads: Int
    ) throws(FaceAnalysisError) {
        let plan = ThreadPlan(streams: 1, threads: threads)
        do {
            detector = try runtime.network(
                at: folder.appending(path: manifest.detector.file).path, inputShape: [1, 3, nil, nil], plan: plan)
            embedder = try runtime.network(
                at: folder.appending(path: manifest.file).path,
                inputShape: [nil, 3, manifest.input.height, manifest.input.width], plan: plan)
        } catch {
            throw .network(error)
        }
    }
}
