import FaceModel
import Foundation
import HTTPSupport
import Hummingbird
import Recognition

extension OpenCVFaceAPI {
    func searchFace(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let options = fields.faceSearchOptions()
        let image = fields.picture("face_base_64")
        try fields.finish()
        let collection = try await service.namedCollection(options.collection)
        let picture = try image.serverDecoded()
        let face = try await theOneFace(of: picture)
        if options.checksLiveness { try await requireLiveFace(in: picture, for: call) }
        let found = try await members(like: [face], in: collection, options)[0]
        return .array { $0.scoredMembers(found) }
    }

    func searchFaces(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let options = fields.faceSearchOptions()
        let image = fields.picture("face_base_64")
        try fields.finish()
        let collection = try await service.namedCollection(options.collection)
        let picture = try image.serverDecoded()
        let examined = try await service.examine(picture, wantsAttributes: false, wantsThumbnails: false)
        guard !examined.faces.isEmpty else { throw RecognitionError.noFace }
        if options.checksLiveness { try await requireLiveFace(in: picture, for: call) }
        let found = try await members(like: examined.faces, in: collection, options)
        return .array { array in
            for (face, matches) in zip(examined.faces, found) {
                guard let box = face.face?.box else { continue }
                array.object { object in
                    object.member(box: box, width: examined.width, height: examined.height)
                    object.key("matches")
                    object.array { $0.scoredMembers(matches) }
                }
            }
        }
    }

    func compareFaces(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let image = fields.picture("face_base_64")
        let reference = fields.picture("ref_face_base_64")
        let minimum = fields.score("min_similarity_score") ?? SimilarityScore.usualServerMinimum
        let checksLiveness = fields.flag("check_liveness") ?? false
        try fields.finish()
        let picture = try image.serverDecoded()
        let one = try await theOneFace(of: picture)
        let other = try await theOneFace(of: reference.serverDecoded())
        if checksLiveness { try await requireLiveFace(in: picture, for: call) }
        let score = scale.score(cosine: one.embedding.cosine(to: other.embedding))
        return .object { object in
            object.member("is_match", score >= minimum)
            object.member(score: score, as: "similarity_score")
        }
    }

    /// The face of a picture that shows one; much smaller ones are background.
    private func theOneFace(of picture: [UInt8]) async throws -> ProbeFace {
        let faces = try await service.examine(picture, wantsAttributes: false, wantsThumbnails: false).faces
        guard let largest = faces.first else { throw RecognitionError.noFace }
        let area = largest.face?.box.area ?? 0
        let count = faces.count { ($0.face?.box.area ?? 0) >= Self.backgroundArea * area }
        guard count == 1 else { throw RecognitionError.severalFaces(count) }
        return largest
    }

    /// Faces below this part of the largest one's area are background, as when a person is enrolled.
    private static let backgroundArea: Float = 0.05

    private func members(
        like faces: [ProbeFace], in collection: NamedCollection, _ options: FaceSearchOptions
    ) async throws -> [[ScoredMember]] {
        let scale = scale
        let found = try await service.matches(of: faces, in: [collection.gallery], limit: options.limit)
        let matches = found.map { matches in
            matches.map { (person: $0.person, score: scale.score(cosine: $0.cosine)) }
                .filter { $0.score >= options.minimum }
        }
        let members = try await service.members(Array(Set(matches.flatMap { $0.map(\.person) })))
        let pictures = try await service.keptPictures(of: members.values.map(\.person.imageID))
        // Who was deleted since the search is left out.
        return matches.map { matches in
            matches.compactMap { match in
                members[match.person].map {
                    ScoredMember(member: $0, picture: pictures[$0.person.imageID], score: match.score)
                }
            }
        }
    }
}

/// Somebody of a named collection who is like a probe.
struct ScoredMember: Sendable {
    let member: NamedCollectionMember
    let picture: [UInt8]?
    let score: Double
}

extension JSONWriter {
    fileprivate mutating func scoredMembers(_ members: [ScoredMember]) {
        for found in members { serverPerson(found.member, picture: found.picture, score: found.score) }
    }
}
