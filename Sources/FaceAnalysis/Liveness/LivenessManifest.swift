import FaceModel
public import Foundation

/// What the server knows about a network that tells living faces from pictures of faces: a classifier over a crop
/// around the face, as the MiniFASNet family has it.
public struct LivenessManifest: Sendable, Codable {
    /// The network's name.
    public let name: String
    /// Its ONNX file, beside the manifest.
    public let file: String
    /// The SHA-256 of the file.
    public let sha256: String
    /// What it wants as input.
    public let input: Input
    /// The side of the crop over the longer side of the face's box: how much of the surroundings it sees.
    public let crop: Float
    /// How many classes it tells apart.
    public let classes: Int
    /// Which of them, from 0, means a living face.
    public let live: Int
    /// Whether its outputs are probabilities already; otherwise they are turned into such by softmax.
    public let givesProbabilities: Bool

    /// The input: 1×3×side×side, (value − mean) · scale of 8-bit values.
    public struct Input: Sendable, Codable {
        /// Columns, and rows.
        public let side: Int
        /// The order of the planes.
        public let channels: ModelManifest.Channels
        /// Subtracted from each value.
        public let mean: Float
        /// Multiplied after that.
        public let scale: Float
    }

    /// A manifest from its file, checked for sense, with the network's file beside it.
    ///
    /// - Throws: ``FaceAnalysisError/modelsUnusable(_:)``.
    public static func load(from file: URL) throws(FaceAnalysisError) -> LivenessManifest {
        let manifest: LivenessManifest
        do {
            manifest = try JSONDecoder().decode(LivenessManifest.self, from: Data(contentsOf: file))
        } catch {
            throw .modelsUnusable("\(file.path) cannot be read: \(error)")
        }
        if let fault = manifest.fault { throw .modelsUnusable("\(file.path): \(fault)") }
        let network = manifest.network(besides: file)
        guard let bytes = try? Data(contentsOf: network) else { throw .modelsUnusable("\(network.path) is missing") }
        guard ModelDigest.text(of: bytes) == manifest.sha256.lowercased() else {
            throw .modelsUnusable("\(network.path) is not the file whose sha256 \(file.path) names")
        }
        return manifest
    }

    /// Where the network's file is.
    func network(besides manifest: URL) -> URL { manifest.deletingLastPathComponent().appending(path: file) }

    private var fault: String? {
        if ModelFingerprint(sha256: sha256) == nil { return "sha256 is no SHA-256" }
        if input.side < 8 || input.side > 1024 { return "the input's side must be from 8 to 1024" }
        if !(1...10).contains(crop) { return "crop must be from 1 to 10" }
        if classes < 2 { return "classes must be 2 or more" }
        if !(0..<classes).contains(live) { return "live must be one of the classes, from 0" }
        if !input.scale.isFinite || input.scale == 0 || !input.mean.isFinite {
            return "the input needs a mean and a scale other than 0"
        }
        return nil
    }
}
