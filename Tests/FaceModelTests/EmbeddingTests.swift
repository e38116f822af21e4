import FaceModel
import Testing

struct EmbeddingTests {
    @Test func `an embedding has unit length`() throws {
        let embedding = try #require(Embedding(normalizing: [3, 4, 0]))
        #expect(embedding.values == [0.6, 0.8, 0])
        #expect(abs(embedding.cosine(to: embedding) - 1) < 1e-6)
    }

    @Test(arguments: [[0, 0, 0], [Float.nan, 1, 1], [.infinity, 0, 0], []])
    func `a vector without a direction is no embedding`(values: [Float]) {
        #expect(Embedding(normalizing: values) == nil)
    }

    @Test func `a template comes back as it went out`() throws {
        let values = (0..<128).map { Float($0) - 60 }
        let embedding = try #require(Embedding(normalizing: values))
        let model = try #require(
            ModelFingerprint(sha256: "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee"))
        let bytes = FaceTemplate(model: model, embedding: embedding).bytes
        #expect(bytes.count == 521)
        let back = try #require(FaceTemplate(bytes: bytes, dimension: 128))
        #expect(back.model == model)
        #expect(back.embedding.cosine(to: embedding) > 0.999_999)
        #expect(FaceTemplate(bytes: Array(bytes.dropLast()), dimension: 128) == nil)
        #expect(FaceTemplate(bytes: [9] + bytes.dropFirst(), dimension: 128) == nil)
    }
}

struct SimilarityScaleTests {
    let scale = SimilarityScale(midpoint: 0.363, steepness: 33)

    @Test(arguments: [(0.363, 0.5), (0.405, 0.8), (0.5023, 0.99), (1, 1), (-1, 0)])
    func `the scale goes through the published points`(cosine: Double, similarity: Double) {
        #expect(abs(scale.similarity(cosine: cosine) - similarity) < 1e-3)
    }

    @Test func `tiny similarities are zero`() {
        #expect(scale.similarity(cosine: -0.1) == 0)
        #expect(scale.similarity(cosine: 0) > 0)
    }
}

struct BoundingBoxTests {
    private static let cases: [(BoundingBox, Float)] = [
        (BoundingBox(x: 0, y: 0, width: 10, height: 10), 1),
        (BoundingBox(x: 5, y: 0, width: 10, height: 10), 1 / 3),
        (BoundingBox(x: 10, y: 0, width: 10, height: 10), 0),
        (BoundingBox(x: -5, y: -5, width: 20, height: 20), 0.25),
        (BoundingBox(x: 0, y: 0, width: 0, height: 0), 0),
    ]

    @Test(arguments: cases)
    func `overlap is the shared area over the joint area`(box: BoundingBox, overlap: Float) {
        let square = BoundingBox(x: 0, y: 0, width: 10, height: 10)
        #expect(abs(square.overlap(with: box) - overlap) < 1e-6)
        #expect(abs(box.overlap(with: square) - overlap) < 1e-6)
    }
}

struct StoredEmbeddingTests {
    @Test func `a stored vector keeps every bit, and what is no unit vector is refused`() throws {
        let embedding = try #require(Embedding(normalizing: (0..<128).map { Float($0 % 13) - 6 }))
        #expect(Embedding(stored: embedding.values)?.values == embedding.values)
        #expect(Embedding(stored: embedding.values.map { 2 * $0 }) == nil)
        #expect(Embedding(stored: []) == nil)
    }
}
