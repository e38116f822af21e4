import ArgumentParser
import FaceAnalysis
import FaceModel
import Foundation
import Inference

struct Embed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the faces of photos with their embeddings, one JSON object per photo.",
        discussion: """
            For checks and experiments: no database and no server are needed. Places are in pixels of the upright photo; \
            faces come largest first.
            """)

    @Option(help: "Folder with model.json and the ONNX files.")
    var modelsDirectory = ".deps/models"

    @Option(
        help: "Numbers that the embedder computes with: float32, or bfloat16 where the processor has it.",
        transform: Self.precision)
    var inferencePrecision = InferencePrecision.float32

    @Flag(help: "Estimate age and gender, too.")
    var attributes = false

    @Argument(help: "JPEG or PNG files.")
    var photos: [String]

    private static func precision(_ text: String) throws -> InferencePrecision {
        guard let precision = InferencePrecision(rawValue: text) else {
            throw ValidationError("--inference-precision must be float32 or bfloat16")
        }
        return precision
    }

    private struct Line: Encodable {
        let photo: String
        let faces: [Face]
    }

    private struct Face: Encodable {
        let box: [Float]
        let landmarks: [[Float]]
        let score: Float
        let quality: Float
        let embedding: [Float]
        let age: Float?
        let gender: Gender?
        let genderConfidence: Float?

        init(_ face: DetectedFace) {
            box = [face.box.x, face.box.y, face.box.width, face.box.height]
            let points = face.landmarks.points
            landmarks = points.indices.map { [points[$0].x, points[$0].y] }
            score = face.detectionScore
            quality = face.quality
            embedding = face.embedding.values
            age = face.attributes?.age
            gender = face.attributes?.gender
            genderConfidence = face.attributes?.genderConfidence
        }
    }

    func run() async throws {
        try await exitingCleanly {
            var configuration = FaceAnalyzer.Configuration(modelsFolder: URL(filePath: modelsDirectory))
            configuration.embedderPrecision = inferencePrecision
            let analyzer = try FaceAnalyzer(configuration)
            defer { analyzer.stop() }
            guard analyzer.estimatesAttributes || !attributes else {
                throw ValidationError("\(modelsDirectory) has no networks for age and gender")
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            for photo in photos {
                let analysis = try await analyzer.analyze(
                    [UInt8](Data(contentsOf: URL(filePath: photo))), wantsAttributes: attributes)
                let line = Line(photo: photo, faces: analysis.faces.map(Face.init))
                print(String(decoding: try encoder.encode(line), as: UTF8.self))
            }
        }
    }
}
