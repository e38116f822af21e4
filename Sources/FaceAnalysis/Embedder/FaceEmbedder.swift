import FaceModel
import Imaging
import Inference

/// Turns aligned faces into embeddings. Belongs to one thread.
struct FaceEmbedder: ~Copyable {
    /// The most faces that go through the network at once; more are split, which bounds the memory of a crowd.
    static let largestBatch = 8

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

    /// Embeds the faces of one picture, batch by batch.
    ///
    /// - Parameter transforms: from the picture onto the alignment template, one per face.
    /// - Returns: a result per face; `nil` where the network answered with no direction.
    mutating func embed(
        _ picture: Picture, transforms: [SimilarityTransform]
    ) throws(InferenceError) -> [Result?] {
        var results: [Result?] = []
        for start in stride(from: 0, to: transforms.count, by: Self.largestBatch) {
            let batch = transforms[start..<min(start + Self.largestBatch, transforms.count)]
            results += try embed(picture, batch: batch)
        }
        return results
    }

    private mutating func embed(
        _ picture: Picture, batch: ArraySlice<SimilarityTransform>
    ) throws(InferenceError) -> [Result?] {
        let input = input
        let size = 3 * input.width * input.height
        var sharpnesses: [Float] = []
        try session.fill(shape: [batch.count, 3, input.height, input.width]) { tensor in
            for (index, transform) in batch.enumerated() {
                tensor.withMutablePart(index * size..<(index + 1) * size) { crop in
                    picture.warp(
                        by: transform, width: input.width, height: input.height, order: input.channels.order,
                        looksApart: Self.looksApart, into: &crop)
                    sharpnesses.append(
                        sharpness(of: crop.span, width: input.width, height: input.height, order: input.channels.order))
                    guard input.mean != 0 || input.scale != 1 else { return }
                    for element in crop.indices { crop[element] = (crop[element] - input.mean) * input.scale }
                }
            }
        }
        try session.run(sharing: load)
        let values = try session.output()
        return sharpnesses.enumerated().map { index, sharpness in
            Embedding(normalizing: Array(values[index * dimension..<(index + 1) * dimension]))
                .map { Result(embedding: $0, sharpness: sharpness) }
        }
    }
}
