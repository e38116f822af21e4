import FaceModel
import Recognition

/// A face whose liveness was told.
struct LiveFace: Sendable {
    let face: ProbeFace
    /// The probability 0…1 that it lives.
    let score: Double
}

extension OpenCVFaceAPI {
    /// The main face of a picture with its liveness.
    ///
    /// Without a network that can tell, the score is the one that a setting says, and the call is marked.
    func liveFace(
        in picture: [UInt8], by rules: LivenessRules, for call: Call
    ) async throws -> LiveFace {
        let examined = try await service.examine(picture, wantsAttributes: false, wantsThumbnails: false)
        if !service.tellsLiveness { call.notes.hasScriptedLiveness = true }
        let main = try rules.mainFace(of: examined)
        let score = try await service.liveness(of: main.face, in: picture) ?? configuration.scriptedLiveness
        return LiveFace(face: examined.faces[main.index], score: score)
    }
}
