import FaceAnalysis
import FaceModel
import Testing
import TestKit

struct RecognitionQualityTests {
    static let analyzer = Result { () throws in try FaceAnalyzer(.init(modelsFolder: Checkout.models)) }

    @Test func `photos of one person are alike and photos of two people are not`() async throws {
        let analyzer = try Self.analyzer.get()
        var embeddings: [(photo: Photo, embedding: Embedding)] = []
        for photo in Photo.allCases {
            let analysis = try await analyzer.analyze(photo.bytes())
            #expect(analysis.faces.count == 1, "\(photo)")
            let face = try #require(analysis.faces.first)
            #expect(face.quality > 0.3, "\(photo) \(face.quality) \(face.pose) \(face.detectionScore)")
            print(photo, face.quality, face.pose, face.detectionScore, face.box, analysis.timings)
            embeddings.append((photo, face.embedding))
        }
        for (index, first) in embeddings.enumerated() {
            for second in embeddings[(index + 1)...] {
                let cosine = first.embedding.cosine(to: second.embedding)
                let similarity = analyzer.manifest.similarityScale.similarity(cosine: cosine)
                if first.photo.subject == second.photo.subject {
                    #expect(similarity >= 0.99, "\(first.photo) and \(second.photo): \(cosine)")
                } else {
                    #expect(similarity <= 0.1, "\(first.photo) and \(second.photo): \(cosine)")
                }
            }
        }
    }
}
