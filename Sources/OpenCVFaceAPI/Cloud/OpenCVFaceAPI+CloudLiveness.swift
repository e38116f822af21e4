import HTTPSupport
import Hummingbird
import Recognition

extension OpenCVFaceAPI {
    func checkLiveness(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let image = fields.picture("image")
        _ = fields.choice("os", of: CaptureSystem.self)
        try fields.finish()
        let live = try await liveFace(in: image.decoded(), by: .cloud, for: call)
        return .object { $0.member(score: live.score, as: "liveness_score") }
    }

    func searchLiveFace(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let image = fields.picture("image")
        _ = fields.choice("os", of: CaptureSystem.self)
        let options = fields.searchOptions(mostResults: 100, usualMode: .fast)
        try fields.finish()
        let picture = try image.decoded()
        let gallery = try await gallery(of: options)
        let live = try await liveFace(in: picture, by: .cloud, for: call)
        let probes = options.isAccurate ? try await service.refined([live.face], in: picture) : [live.face]
        let found = try await persons(like: probes, in: gallery, options)[0]
        guard !found.isEmpty else { throw CloudCode.notFound.refusal("No person matches the image") }
        return .object { object in
            object.member(score: live.score, as: "liveness_score")
            object.key("persons")
            object.array { $0.scoredPersons(found) }
        }
    }

    func compareLiveFace(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let probe = fields.picture("probe")
        let gallery = fields.requiredPictures("gallery", Self.pictureCount)
        _ = fields.choice("os", of: CaptureSystem.self)
        let mode = fields.choice("search_mode", of: SearchMode.self) ?? .fast
        // Below it the answer is the same: both values are told, and the caller compares.
        _ = fields.score("liveness_min_score")
        try fields.finish()
        let picture = try probe.decoded()
        let known = try gallery.decoded().map(PortraitPicture.photo)
        let live = try await liveFace(in: picture, by: .cloud, for: call)
        let score = try await similarity(of: [.photo(picture)], to: known, isAccurate: mode == .accurate)
        var text = JSONWriter(capacity: 16)
        text.significant(live.score)
        return .object { object in
            object.member(score: score, as: "score")
            // A text, as the documentation has it.
            object.member("liveness_score", String(buffer: text.buffer))
        }
    }
}
