import FaceAnalysis
import FaceModel
import TestKit
import Testing

struct RecognitionQualityTests {
    @Test func `photos of one person are alike and photos of two people are not`() async throws {
        let analyzer = try sharedAnalyzer.get()
        var embeddings: [(photo: Photo, embedding: Embedding)] = []
        for photo in Photo.allCases {
            let analysis = try await analyzer.analyze(photo.bytes())
            #expect(analysis.faces.count == 1, "\(photo)")
            let face = try #require(analysis.faces.first)
            #expect(face.quality > 0.8 && face.quality <= 1, "\(photo): \(face.quality)")
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

    @Test func `the same photo gives the same numbers, alone and among others`() async throws {
        let analyzer = try sharedAnalyzer.get()
        let bytes = try Photo.personA1.bytes()
        let first = try await analyzer.analyze(bytes)
        let again = try await withThrowingTaskGroup(of: PictureAnalysis.self) { group in
            for photo in [Photo.personA1, .biden, .personA1, .obamaPNG, .personA1] {
                group.addTask { try await analyzer.analyze(photo.bytes()) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(again.count { $0.faces == first.faces } == 3)
    }
}

/// One analyser serves all suites: compiling the networks takes longer than most tests.
let sharedAnalyzer = Result { () throws in try FaceAnalyzer(.init(modelsFolder: Checkout.models)) }
