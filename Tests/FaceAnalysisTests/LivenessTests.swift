import Crypto
import FaceAnalysis
import FaceModel
import Foundation
import Imaging
import TestKit
import Testing

struct LivenessTests {
    private static let side = 32

    /// Runs `body` with a folder that has a network and its manifest, some of whose members are others.
    private func withManifest(
        _ changes: [String: Any] = [:], _ body: (URL) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            let network = Data(MadeNetwork.planeMeans(side: Self.side))
            try network.write(to: URL(filePath: "\(folder)/made.onnx"))
            let sum = SHA256.hash(data: network).map { String(format: "%02x", $0) }.joined()
            var members: [String: Any] = [
                "name": "made", "file": "made.onnx", "sha256": sum, "crop": 1, "classes": 3, "live": 1,
                "givesProbabilities": true,
                "input": ["side": Self.side, "channels": "rgb", "mean": 0, "scale": 1.0 / 255],
            ]
            members.merge(changes) { $1 }
            let file = URL(filePath: "\(folder)/liveness.json")
            try JSONSerialization.data(withJSONObject: members).write(to: file)
            try await body(file)
        }
    }

    /// Green on the left, red on the right.
    private func picture() throws -> [UInt8] {
        var pixels: [UInt8] = []
        for _ in 0..<64 { for x in 0..<128 { pixels += x < 64 ? [0, 255, 0] : [255, 0, 0] } }
        return try Picture(width: 128, height: 64, pixels: pixels).jpeg(quality: 100)
    }

    @Test func `a network sees the crop around the face`() async throws {
        let analyzer = try sharedAnalyzer.get()
        let bytes = try picture()
        try await withManifest { file in
            let classifier = try LivenessClassifier(manifest: file)
            let left = try await analyzer.livenessScore(
                of: BoundingBox(x: 8, y: 8, width: 40, height: 40), in: bytes, by: classifier)
            let right = try await analyzer.livenessScore(
                of: BoundingBox(x: 80, y: 8, width: 40, height: 40), in: bytes, by: classifier)
            #expect(left > 0.9 && right < 0.1)
        }
        // With room around it the same face shows half of each colour.
        try await withManifest(["crop": 1.6]) { file in
            let score = try await analyzer.livenessScore(
                of: BoundingBox(x: 44, y: 12, width: 40, height: 40), in: bytes,
                by: try LivenessClassifier(manifest: file))
            #expect(abs(score - 0.5) < 0.1)
        }
    }

    @Test func `outputs that are no probabilities become such`() async throws {
        try await withManifest(["givesProbabilities": false, "live": 0]) { file in
            let analyzer = try sharedAnalyzer.get()
            let score = try await analyzer.livenessScore(
                of: BoundingBox(x: 80, y: 8, width: 40, height: 40), in: picture(),
                by: try LivenessClassifier(manifest: file))
            // e¹ / (e¹ + e⁰ + e⁰)
            #expect(abs(score - 0.576) < 0.02)
        }
    }

    @Test func `an output of another size is an error and no score`() async throws {
        try await withManifest(["classes": 2, "live": 0]) { file in
            let classifier = try LivenessClassifier(manifest: file)
            await #expect(throws: FaceAnalysisError.self) {
                try await sharedAnalyzer.get().livenessScore(
                    of: BoundingBox(x: 8, y: 8, width: 40, height: 40), in: self.picture(), by: classifier)
            }
        }
    }

    /// A member of the manifest that is wrong, and what the message says.
    private static let mistakes: [(member: String, value: any Sendable, message: String)] = [
        ("sha256", "00", "no SHA-256"), ("sha256", String(repeating: "0", count: 64), "is not the file whose sha256"),
        ("file", "other.onnx", "other.onnx is missing"), ("crop", 0.5, "crop must be"),
        ("classes", 1, "classes must be"),
        ("live", 3, "live must be"), ("live", "one", "cannot be read"),
        ("input", ["side": 4, "channels": "rgb", "mean": 0, "scale": 1] as [String: any Sendable], "side must be"),
        (
            "input", ["side": 80, "channels": "rgb", "mean": 0, "scale": 0] as [String: any Sendable],
            "a scale other than 0"
        ),
        ("input", ["side": 80, "channels": "hsv", "mean": 0, "scale": 1] as [String: any Sendable], "cannot be read"),
    ]

    @Test(arguments: mistakes.indices) func `a mistake in the manifest is named`(index: Int) async throws {
        let mistake = Self.mistakes[index]
        try await withManifest([mistake.member: mistake.value]) { file in
            do {
                _ = try LivenessClassifier(manifest: file)
                Issue.record("\(mistake.member) was taken")
            } catch {
                #expect("\(error)".contains(mistake.message), "\(error)")
            }
        }
    }

    @Test func `a file that is no network is named`() async throws {
        try await withManifest { file in
            let network = Data("no network".utf8)
            let place = file.deletingLastPathComponent().appending(path: "made.onnx")
            let sum = SHA256.hash(data: network).map { String(format: "%02x", $0) }.joined()
            try network.write(to: place)
            var members = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
            members["sha256"] = sum
            try JSONSerialization.data(withJSONObject: members).write(to: file)
            do {
                _ = try LivenessClassifier(manifest: file)
                Issue.record("the file was taken")
            } catch {
                #expect("\(error)".contains("made.onnx cannot be used"), "\(error)")
            }
        }
    }
}
