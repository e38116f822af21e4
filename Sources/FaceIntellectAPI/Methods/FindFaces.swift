import FaceModel
import HTTPSupport
import Logging
import Recognition

extension FaceIntellectAPI {
    /// FindFaces: the faces of a picture, largest first, each with the persons most alike.
    func findFaces(_ request: JSONObject, in context: ServerContext) async throws(MethodFailure) -> JSONWriter {
        let start = ContinuousClock.now
        // What is no picture is answered like a picture without a face: clients test for an empty list.
        guard let bytes = request.bytesOfBase64(forKey: "image"), !bytes.isEmpty else {
            throw MethodFailure(.faceNotFound)
        }
        let limit = max(1, request.integer(forKey: "findPersons") ?? 1)
        let found = try await calling(for: .findFaces) { () async throws(RecognitionError) in
            try await service.identify(
                service.isTemplate(bytes) ? .template(bytes) : .photo(bytes), in: configuration.gallery, limit: limit,
                counting: configuration.countFindFaces)
        }
        if configuration.findFacesMinSim > 0 {
            RecognitionTrace.current?.withhold(below: configuration.findFacesMinSim)
        }
        context.facts["face.count"] = .stringConvertible(found.faces.count)
        for (stage, duration) in found.stages { context.facts["stage.\(stage).ms"] = .milliseconds(duration) }
        var writer = JSONWriter(capacity: 4096)
        writer.object { object in
            object.key("FaceList")
            object.array { array in
                for face in found.faces { array.identifiedFace(face, minimumSimilarity: configuration.findFacesMinSim) }
            }
            object.member("ProcessedFindFacesDuration", (ContinuousClock.now - start).milliseconds)
            if found.faces.isEmpty {
                object.member("Status", ErrorCode.faceNotFound.rawValue)
                object.member("Description", "\(ErrorCode.faceNotFound.text)")
            }
        }
        return writer
    }
}
