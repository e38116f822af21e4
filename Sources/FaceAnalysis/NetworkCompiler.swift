import FaceModel
import Foundation
import Inference

/// Compiles detector and embedder for some number of threads.
///
/// Each analysis thread has networks of its own, compiled for one thread: a run then takes place on the thread that
/// asks for it, where a network with several streams hands it over. On two cores that is a tenth to a fifth more pictures
/// per second, for one more copy of the weights per thread. One more of each is compiled for all cores, for a picture
/// that is alone.
/// The outputs are the same bit for bit, however many threads they come from.
///
/// The detector computes with 32-bit floats always: with bfloat16 landmarks move by a pixel, and the embeddings of crops
/// that moved are off by more than the embedder's own rounding.
struct NetworkCompiler: Sendable {
    let manifest: ModelManifest
    let folder: URL
    let runtime: InferenceRuntime
    let embedderPrecision: InferencePrecision

    func detector(threads: Int) throws(FaceAnalysisError) -> Network {
        try compile(manifest.detector.file, inputShape: [1, 3, nil, nil], threads: threads, precision: .float32)
    }

    func embedder(threads: Int) throws(FaceAnalysisError) -> Network {
        try compile(
            manifest.file, inputShape: [1, 3, manifest.input.height, manifest.input.width], threads: threads,
            precision: embedderPrecision)
    }

    private func compile(
        _ file: String, inputShape: [Int?], threads: Int, precision: InferencePrecision
    ) throws(FaceAnalysisError) -> Network {
        do {
            return try runtime.network(
                at: folder.appending(path: file).path, inputShape: inputShape,
                plan: ExecutionPlan(streams: 1, threads: threads, precision: precision))
        } catch {
            throw .network(error)
        }
    }
}
