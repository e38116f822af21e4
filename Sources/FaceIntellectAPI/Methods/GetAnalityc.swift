import FaceModel
import HTTPSupport
import Recognition

extension FaceIntellectAPI {
    /// The similarity from which two passes are the same face unless a request says otherwise.
    static let usualThreshold = 0.8

    /// GetAnalityc (the product's spelling): the different faces of a period.
    func getAnalityc(_ request: JSONObject) async throws(MethodFailure) -> JSONWriter {
        var visitors: [Visitor] = []
        if var filter = PassFilter(request) {
            switch request.integer(forKey: "faceMode") {
            case 1: filter.isRecognised = true
            case 2: filter.isRecognised = false
            default: break
            }
            let wanted = filter
            let threshold = request.number(forKey: "threshold") ?? Self.usualThreshold
            visitors = try await calling(for: .getAnalityc) { () async throws(RecognitionError) in
                try await service.visitors(matching: wanted, threshold: threshold)
            }
            let fewest = request.integer(forKey: "minPasses") ?? 0
            let most = request.integer(forKey: "maxPasses") ?? .max
            visitors.removeAll { $0.passCount < fewest || $0.passCount > most }
        }
        var writer = JSONWriter(capacity: 1024 * (visitors.count + 1))
        writer.visitors(visitors, status: "SUCCESS")
        return writer
    }
}
