import FaceModel
import HTTPSupport
import Recognition

extension FaceIntellectAPI {
    /// FindPasserBy: the captured faces that are like the largest face of a photo, most alike first.
    func findPasserBy(_ request: JSONObject) async throws(MethodFailure) -> JSONWriter {
        let start = ContinuousClock.now
        guard let data = request["data"]?.object, let photo = data.bytesOfBase64(forKey: "image"), !photo.isEmpty else {
            throw MethodFailure(.faceNotFound)
        }
        var found: [SimilarPass] = []
        if let filter = PassFilter(data) {
            let similarity = data.number(forKey: "sim") ?? Self.usualThreshold
            found = try await calling(for: .findPasserBy) { () async throws(RecognitionError) in
                try await service.passes(like: photo, matching: filter, minimumSimilarity: similarity)
            }
        }
        var writer = JSONWriter(capacity: 256 * (found.count + 1))
        writer.object { object in
            object.key("Data")
            object.similarPasses(found, duration: ContinuousClock.now - start)
            object.member("Status", "SUCCESS")
        }
        return writer
    }
}
