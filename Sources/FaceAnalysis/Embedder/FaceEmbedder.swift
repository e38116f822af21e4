import FaceModel
import Imaging
import Inference

/// Turns aligned faces into embeddings. Belongs to one thread.
struct FaceEmbedder: ~Copyable {
    /// The network's publishers crop with single bilinear looks, and their threshold was measured so: smoother crops
    /// move embeddings by a cosine of up to 0.035. Beyond this shrinkage a crop would be little but noise.
    static let looksApart = 4.0

    private var session: InferenceSession
    private let input: ModelManifest.Input
    private let dimension: Int

    private let load: AnalysisLoad

    init(session: consuming InferenceSession, manifest: ModelManifest, load: AnalysisLoad) {
        self.session = session
        self.load = load
        input = manifest.input
        dimension = manifest.dimension
    }

    /// An embedded face and the sharpness of the crop it was made from.
    struct Result {
        let embedding: Embedding
        let sharpness: Float
    }

    /// Embeds the faces of one picture, one after the other: a network for one face is as quick for eight as one that
    /// takes them together, and up to a tenth quicker for one.
    ///
    /// - Parameter transforms: from the picture onto the alignment template, one per face.
    /// - Returns: a result per face; `nil` where the network answered with no direction.
    mutating func embed(
        _ picture: Picture, transforms: [SimilarityTransform]
    ) throws(InferenceError) -> [Result?] {
        var results: [Result?] = []
        for transform in transforms { results.append(try embed(picture, by: transform)) }
        return results
    }

    private mutating func embed(
        _ picture: Picture, by transform: SimilarityTransform
    ) throws(InferenceError) -> Result? {
        let input = input
        var sharpness: Float = 0
        try session.fill(shape: [1, 3, input.height, input.width]) { crop in
            picture.warp(
                by: transform, width: input.width, height: input.height, order: input.channels.order,
                looksApart: Self.looksApart, into: &crop)
            sharpness = Imaging.sharpness(
                of: crop.span, width: input.width, height: input.height, order: input.channels.order)
            guard input.mean != 0 || input.scale != 1 else { return }
            for element in crop.indices { crop[element] = (crop[element] - input.mean) * input.scale }
        }
        try session.run(sharing: load)
        let values = try session.output()
        guard values.count == dimension else {
            throw .runFailed(reason: "the embedder gives \(values.count) numbers and its manifest says \(dimension)")
        }
        return Embedding(normalizing: values).map { Result(embedding: $0, sharpness: sharpness) }
    }
}
