public import FaceModel
public import Foundation
import Imaging
import Inference
import Synchronization

/// Tells how likely it is that a face lives, by a network of which the server's owner has brought the file.
///
/// One face takes a few milliseconds, so a session is shared: who comes while another face is looked at waits.
public final class LivenessClassifier: Sendable {
    /// The network in use.
    public let manifest: LivenessManifest

    private let session: Mutex<Session>

    private struct Session: ~Copyable {
        var inference: InferenceSession
    }

    /// Loads and compiles the network of a manifest.
    ///
    /// - Throws: ``FaceAnalysisError/modelsUnusable(_:)`` or ``FaceAnalysisError/network(_:)``.
    public init(manifest file: URL) throws(FaceAnalysisError) {
        let manifest = try LivenessManifest.load(from: file)
        self.manifest = manifest
        do throws(InferenceError) {
            let network = try InferenceRuntime.start().network(
                at: manifest.network(besides: file).path,
                inputShape: [1, 3, manifest.input.side, manifest.input.side],
                plan: ExecutionPlan(streams: 1, threads: 1))
            session = Mutex(Session(inference: try network.makeSession()))
        } catch {
            throw .network(error)
        }
    }

    /// The probability 0…1 that the face in a box lives.
    func score(of box: BoundingBox, in picture: Picture) throws(InferenceError) -> Double {
        let manifest = manifest
        let input = manifest.input
        let side = max(1, max(box.width, box.height) * manifest.crop)
        let zoom = Double(Float(input.side) / side)
        let (left, top) = (box.x + (box.width - side) / 2, box.y + (box.height - side) / 2)
        let transform = SimilarityTransform(a: zoom, b: 0, tx: -zoom * Double(left), ty: -zoom * Double(top))
        let values = try session.withLock { (session) throws(InferenceError) in
            try session.inference.fill(shape: [1, 3, input.side, input.side]) { tensor in
                picture.warp(
                    by: transform, width: input.side, height: input.side, order: input.channels.order, into: &tensor)
                for element in tensor.indices { tensor[element] = (tensor[element] - input.mean) * input.scale }
            }
            try session.inference.run()
            return try session.inference.output()
        }
        guard values.count == manifest.classes else {
            throw .runFailed(reason: "\(values.count) outputs instead of \(manifest.classes)")
        }
        return Double(manifest.givesProbabilities ? values[manifest.live] : Self.softmax(values)[manifest.live])
    }

    private static func softmax(_ values: [Float]) -> [Float] {
        let highest = values.max() ?? 0
        let powers = values.map { exp($0 - highest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}

extension FaceAnalyzer {
    /// The probability 0…1 that the face in a box of a picture lives.
    ///
    /// - Throws: ``FaceAnalysisError``.
    public func livenessScore(
        of box: BoundingBox, in bytes: [UInt8], by classifier: LivenessClassifier
    ) async throws(FaceAnalysisError) -> Double {
        let limits = limits
        return try await threads.run(memory: header(of: bytes).memoryToDecode) { (_) throws(FaceAnalysisError) in
            let picture: Picture
            let scale: Float
            do throws(ImagingError) {
                let image = try EncodedImage(bytes, limits: limits)
                // As fine as the network sees the face.
                let wanted = Float(classifier.manifest.input.side) / max(1, max(box.width, box.height))
                let side = Float(max(image.width, image.height)) * min(1, wanted)
                (picture, scale) = try image.decode(longestSideAtLeast: Int(side.rounded(.up)))
            } catch {
                throw .image(error)
            }
            do throws(InferenceError) {
                return try classifier.score(of: box.scaled(by: scale), in: picture)
            } catch {
                throw .network(error)
            }
        }
    }
}
