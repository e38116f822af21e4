import FaceAnalysis
public import FaceModel

extension RecognitionService: LivenessService {
    /// See ``LivenessService/tellsLiveness``.
    public var tellsLiveness: Bool { configuration.liveness != nil }

    /// See ``LivenessService/liveness(of:in:)``.
    public func liveness(of face: DetectedFace, in picture: [UInt8]) async throws(RecognitionError) -> Double? {
        _ = try requireReady()
        guard let classifier = configuration.liveness else { return nil }
        return try await analyzing { () throws(FaceAnalysisError) in
            try await analyzer.livenessScore(of: face.box, in: picture, by: classifier)
        }
    }
}
