import FaceAnalysis
import FaceModel
import Inference
import TestKit
import Testing

/// The numbers that the embedder computes with.
struct PrecisionTests {
    private func embeddings(_ precision: InferencePrecision) async throws -> [DetectedFace] {
        var configuration = FaceAnalyzer.Configuration(modelsFolder: Checkout.models, threads: 1)
        configuration.embedderPrecision = precision
        let analyzer = try FaceAnalyzer(configuration)
        defer { analyzer.stop() }
        var faces: [DetectedFace] = []
        for photo in Photo.allCases { faces += try await analyzer.analyze(photo.bytes()).faces }
        return faces
    }

    @Test func `32-bit floats unless asked otherwise, to the last bit`() async throws {
        var faces: [DetectedFace] = []
        for photo in Photo.allCases { faces += try await sharedAnalyzer.get().analyze(photo.bytes()).faces }
        #expect(try await embeddings(.float32) == faces)
    }

    @Test(.enabled(if: InferencePrecision.bfloat16.isNative))
    func `bfloat16 finds the same faces and embeds them nearly the same`() async throws {
        let (exact, rounded) = (try await embeddings(.float32), try await embeddings(.bfloat16))
        #expect(exact.map(\.box) == rounded.map(\.box))
        let cosines = zip(exact, rounded).map { $0.embedding.cosine(to: $1.embedding) }
        #expect((cosines.min() ?? 0) > 0.9998, "\(cosines)")
        // That it was used at all.
        #expect(cosines.contains { $0 < 0.999_999_9 }, "\(cosines)")
    }

    @Test(.enabled(if: !InferencePrecision.bfloat16.isNative))
    func `bfloat16 is refused where the processor would emulate it`() async throws {
        await #expect {
            try await embeddings(.bfloat16)
        } throws: { error in
            guard case FaceAnalysisError.network(.precisionNotNative) = error else { return false }
            return true
        }
    }
}
