import FaceModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Recognition

extension Caller {
    func detect() async throws -> Response {
        let images = try call.images()
        guard images.count <= 100 else { throw EnfaceFailure.unexpectedField }
        let features = try features()
        let wanted = try WantedExtras(call)
        let multi = try call.flag("multi")
        let pictures = try await look(
            at: images, features: features, wantsThumbnails: wanted.needsThumbnail, multi: multi)
        return .ok { object in
            object.key("results")
            object.array { results in
                for picture in pictures {
                    results.array { faces in
                        for face in picture.faces {
                            faces.object { $0.faceMembers(face, of: picture, wanted, call.profile) }
                        }
                    }
                }
            }
            object.member("spent", call.spent)
        }
    }

    func compare() async throws -> Response {
        let images = try call.images()
        guard images.count == 2 else { throw EnfaceFailure.invalidSchema }
        let features = try features()
        let wanted = try WantedExtras(call)
        let multi = try call.flag("multi")
        var threshold: Double?
        if let field = call["threshold"] {
            let number = try field.number()
            guard 0...100 ~= number else { throw EnfaceFailure.invalidSchema }
            threshold = call.profile.takesFreeNumbers && number <= 1 ? 100 * number : number
        }
        let pictures = try await look(
            at: images, features: features, wantsThumbnails: wanted.needsThumbnail, multi: multi)
        let comparison = Comparison(pictures[0], pictures[1], scores: api.scores, threshold: threshold)
        return .object { object in
            object.member("status", "ok")
            if let failed = pictures.first(where: { $0.faces.isEmpty }) { object.member("message", failed.message) }
            object.key("score")
            if let best = comparison.best { object.significant(best, digits: 5) } else { object.null() }
            object.key("image1")
            object.compared(pictures[0], comparison.first, wanted, call.profile)
            object.key("image2")
            object.compared(pictures[1], comparison.second, wanted, call.profile)
            object.member("spent", call.spent)
        }
    }

    /// Looks at several pictures side by side, a few at a time: a hundred of them must not fill the queue.
    private func look(
        at images: [[UInt8]], features: [Feature]?, wantsThumbnails: Bool, multi: Bool
    ) async throws(EnfaceFailure) -> [SeenPicture] {
        let found = await withTaskGroup(of: LookedAt.self) { group in
            var found = [Result<SeenPicture, EnfaceFailure>?](repeating: nil, count: images.count)
            for (index, image) in images.enumerated() {
                if index >= Self.picturesAtOnce, let finished = await group.next() {
                    found[finished.index] = finished.result
                }
                group.addTask {
                    LookedAt(
                        index: index,
                        result: await result(
                            of: image, features: features, wantsThumbnails: wantsThumbnails, multi: multi))
                }
            }
            for await finished in group { found[finished.index] = finished.result }
            return found
        }
        var pictures: [SeenPicture] = []
        for result in found { if let result { pictures.append(try result.get()) } }
        return pictures
    }

    /// So many pictures of one request are worked on side by side.
    private static let picturesAtOnce = 4

    private struct LookedAt: Sendable {
        let index: Int
        let result: Result<SeenPicture, EnfaceFailure>
    }

    private func result(
        of image: [UInt8], features: [Feature]?, wantsThumbnails: Bool, multi: Bool
    ) async -> Result<SeenPicture, EnfaceFailure> {
        do throws(EnfaceFailure) {
            return .success(
                try await look(at: image, features: features, wantsThumbnails: wantsThumbnails, multi: multi))
        } catch {
            return .failure(error)
        }
    }
}

/// How alike the faces of two pictures are, seen from each of them.
private struct Comparison {
    struct Match {
        let face: Int
        let score: Double
        let distance: Double
    }

    /// For each face of the first picture those of the second, best first.
    private(set) var first: [[Match]] = []
    /// The same from the second picture.
    private(set) var second: [[Match]] = []
    /// The score of the best pair; `nil` when a picture has no face.
    private(set) var best: Double?

    init(_ one: SeenPicture, _ other: SeenPicture, scores: Scores, threshold: Double?) {
        let cosines = one.faces.map { face in
            other.faces.map { face.probe.embedding.cosine(to: $0.probe.embedding) }
        }
        best = cosines.flatMap(\.self).max().map(scores.score)
        func matches(_ cosines: [Double]) -> [Match] {
            cosines.enumerated()
                .map {
                    Match(face: $0.offset, score: scores.score(cosine: $0.element), distance: max(0, 1 - $0.element))
                }
                .filter { $0.score >= threshold ?? 0 }
                .sorted { $0.score > $1.score }
        }
        first = cosines.map(matches)
        second = other.faces.indices.map { column in matches(cosines.map { $0[column] }) }
    }
}

extension JSONWriter {
    /// Writes the faces of a picture with those of the other one that they are like.
    fileprivate mutating func compared(
        _ picture: SeenPicture, _ matches: [[Comparison.Match]], _ wanted: WantedExtras, _ profile: Profile
    ) {
        array { array in
            for (index, face) in picture.faces.enumerated() {
                array.object { row in
                    row.member("face", index)
                    row.faceMembers(face, of: picture, wanted, profile)
                    row.key("matches")
                    row.array { array in
                        for match in matches[index] {
                            array.object { row in
                                row.member("face", match.face)
                                row.score(match.score, distance: match.distance)
                            }
                        }
                    }
                }
            }
        }
    }
}
