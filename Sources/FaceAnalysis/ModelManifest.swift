public import FaceModel
public import Foundation

/// What the server knows about its networks: read from `model.json` in the models folder.
///
/// Another embedder is put in by another manifest beside its ONNX file; nothing of a network stands in the code but
/// the layout of the detector's outputs.
public struct ModelManifest: Sendable, Codable {
    /// The embedder's name, kept with every row that it made.
    public let name: String
    /// The embedder's file in the models folder.
    public let file: String
    /// The SHA-256 of the embedder as published: its identity.
    public let sha256: String
    /// What the embedder wants as input.
    public let input: Input
    /// The number of coordinates of an embedding.
    public let dimension: Int
    /// Where the five landmarks lie in the embedder's input, x and y in pixels, in the order of
    /// ``FaceModel/Landmarks/points``.
    public let template: [[Float]]
    /// The curve from cosine to similarity.
    public let similarity: Similarity
    /// The cosines from which one pair in 1,000, in 10,000, in 100,000 and in 1,000,000 of different persons is taken
    /// for the same one: the operating points of dialects that know percentages.
    public let falseMatchCosines: [Double]
    /// The detector.
    public let detector: Detector
    /// The networks for age and gender; a folder may do without.
    public let attributes: Attributes?

    /// The input of an embedder: N×3×height×width, (value − mean) · scale of 8-bit values.
    public struct Input: Sendable, Codable {
        /// Columns.
        public let width: Int
        /// Rows.
        public let height: Int
        /// The order of the planes.
        public let channels: Channels
        /// Subtracted from each value.
        public let mean: Float
        /// Multiplied after that.
        public let scale: Float
    }

    /// The order of colour planes.
    public enum Channels: String, Sendable, Codable {
        /// Red first.
        case rgb
        /// Blue first.
        case bgr
    }

    /// The two numbers of ``FaceModel/SimilarityScale``.
    public struct Similarity: Sendable, Codable {
        /// The cosine that reads 0.5.
        public let midpoint: Double
        /// The slope.
        public let steepness: Double
    }

    /// The detector and the numbers it is run with.
    public struct Detector: Sendable, Codable {
        /// Its name.
        public let name: String
        /// Its file in the models folder.
        public let file: String
        /// Its weights by their roles, as `scripts/detector_weights.py` writes them, for the server's own kernels;
        /// without them the inference runtime runs `file`.
        public let weights: String?
        /// The lowest confidence of a face, 0…1.
        public let scoreThreshold: Float
        /// The intersection over union from which two boxes are one face.
        public let overlapThreshold: Float
        /// The longest side of the picture that the detector sees first, in pixels.
        public let longestSide: Int
    }

    /// The manifest `model.json` of a models folder, checked for sense.
    ///
    /// - Throws: ``FaceAnalysisError/modelsUnusable(_:)``.
    public static func load(from folder: URL) throws(FaceAnalysisError) -> ModelManifest {
        let file = folder.appending(path: "model.json")
        let manifest: ModelManifest
        do {
            manifest = try JSONDecoder().decode(ModelManifest.self, from: Data(contentsOf: file))
        } catch {
            throw .modelsUnusable("\(file.path) cannot be read: \(error)")
        }
        guard manifest.template.count == 5, manifest.template.allSatisfy({ $0.count == 2 }) else {
            throw .modelsUnusable("\(file.path): the template needs five points of two numbers")
        }
        guard manifest.dimension > 0, manifest.input.width > 0, manifest.input.height > 0 else {
            throw .modelsUnusable("\(file.path): sizes must be positive")
        }
        guard manifest.detector.longestSide >= 32 else {
            throw .modelsUnusable("\(file.path): the detector's longest side must be 32 or more")
        }
        let cosines = manifest.falseMatchCosines
        guard cosines.count == 4, zip([0] + cosines, cosines + [1]).allSatisfy({ $0 < $1 }) else {
            throw .modelsUnusable("\(file.path): falseMatchCosines needs four growing numbers between 0 and 1")
        }
        guard ModelFingerprint(sha256: manifest.sha256) != nil else {
            throw .modelsUnusable("\(file.path): sha256 is no SHA-256")
        }
        if let fault = manifest.attributes?.fault { throw .modelsUnusable("\(file.path): \(fault)") }
        return manifest
    }

    /// The embedder's identity.
    public var fingerprint: ModelFingerprint {
        ModelFingerprint(sha256: sha256) ?? ModelFingerprint(bytes: Array(repeating: 0, count: ModelFingerprint.size))
    }

    /// The curve from cosine to similarity.
    public var similarityScale: SimilarityScale {
        SimilarityScale(midpoint: similarity.midpoint, steepness: similarity.steepness)
    }
}
