import FaceAnalysis
public import FaceModel
import Foundation

/// A face that is to be compared.
public struct ProbeFace: Sendable {
    /// Where and how it is; `nil` for one that came without a picture.
    public var face: DetectedFace?
    /// The unit vector.
    public var embedding: Embedding
    /// Who it is to be taken for, whatever the embedding says.
    var imposed: (key: PersonKey, similarity: Double)?

    /// A face without a picture.
    public init(embedding: Embedding) { self.embedding = embedding }

    init(_ face: DetectedFace) {
        self.face = face
        embedding = face.embedding
    }
}

/// The faces of a picture, largest box first, and where the time went.
struct DetectedPicture: Sendable {
    var faces: [ProbeFace]
    /// The upright picture's size in pixels; that of a usual camera where nobody looked at the picture.
    var width = 1280
    var height = 720
    var timings = PictureAnalysis.Timings()
}

extension RecognitionService {
    /// The faces of a picture, by the networks or by whoever knows better.
    func detected(
        in bytes: [UInt8], wantsAttributes: Bool = false
    ) async throws(RecognitionError) -> DetectedPicture {
        if let interpretation = configuration.interpreter?.interpretation(of: bytes) {
            return DetectedPicture(faces: try interpreted(interpretation, bytes))
        }
        let analysis = try await analyzing { () throws(FaceAnalysisError) in
            try await analyzer.analyze(bytes, wantsAttributes: wantsAttributes)
        }
        let faces = analysis.faces.map { ProbeFace($0) }
        return DetectedPicture(
            faces: faces, width: analysis.width, height: analysis.height, timings: analysis.timings)
    }

    private func interpreted(
        _ interpretation: Interpretation, _ bytes: [UInt8]
    ) throws(RecognitionError) -> [ProbeFace] {
        switch interpretation {
        case .notReady: throw .notReady
        case .noFace: return []
        case .lowQuality: return [made(from: bytes, number: 0, quality: 0.1)]
        case .strangers(let count): return (0..<count).map { made(from: bytes, number: $0, quality: 1) }
        case .person(let key, let similarity):
            var face = made(from: bytes, number: 0, quality: 1)
            face.imposed = (key, similarity)
            return [face]
        }
    }

    /// A face in the picture's place, the same for the same picture, like nobody.
    private func made(from bytes: [UInt8], number: Int, quality: Float) -> ProbeFace {
        // 64-bit FNV-1a seeds the direction; in 128 dimensions random directions are nearly at right angles.
        var hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        hash &+= UInt64(number)
        let ids = IDSource()
        ids.seed(hash)
        // Odd halves are never 0, so the vector always has a direction.
        let values = (0..<analyzer.manifest.dimension).map { _ in Float(ids.next().uuid.0) - 127.5 }
        guard let embedding = Embedding(normalizing: values) else { preconditionFailure("a vector without a length") }
        let x = Float(100 + 200 * number)
        let face = DetectedFace(
            box: BoundingBox(x: x, y: 100, width: 120, height: 150),
            landmarks: Landmarks(
                rightEye: Point(x: x + 36, y: 160), leftEye: Point(x: x + 84, y: 160),
                noseTip: Point(x: x + 60, y: 190), rightMouthCorner: Point(x: x + 42, y: 218),
                leftMouthCorner: Point(x: x + 78, y: 218)),
            detectionScore: 1, pose: HeadPose(yaw: 0, pitch: 0, roll: 0), quality: quality,
            embedding: embedding)
        return ProbeFace(face)
    }
}
