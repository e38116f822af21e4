import FaceModel
import Foundation
import HTTPSupport
import Recognition

/// A known person that a face is like, ready to be told.
struct ToldMatch: Sendable {
    let score: Double
    /// One less the cosine, never below 0.
    let distance: Double
    let record: PersonRecord
}

extension Caller {
    /// Matches with their persons; who was deleted since the search is left out.
    func matches(_ matches: [FaceMatch], in lists: [PersonList]) async throws(EnfaceFailure) -> [ToldMatch] {
        guard !matches.isEmpty else { return [] }
        let persons = try await calling { () throws(RecognitionError) in
            try await api.lists.listedPersons(matches.map(\.person))
        }
        let scores = api.scores
        var told: [ToldMatch] = []
        for match in matches {
            guard let person = persons[match.person],
                let list = lists.first(where: { $0.gallery == person.person.galleryID })
            else { continue }
            told.append(
                ToldMatch(
                    score: scores.score(cosine: match.cosine), distance: max(0, 1 - match.cosine),
                    record: try record(person, in: list.id)))
        }
        return told
    }
}

extension JSONWriter {
    /// Writes an array of match objects.
    mutating func matches(_ matches: [ToldMatch], _ profile: Profile) {
        array { array in
            for match in matches {
                array.object { row in
                    row.score(match.score, distance: match.distance)
                    row.record(match.record, profile)
                }
            }
        }
    }

    /// Writes how alike two faces are.
    mutating func score(_ score: Double, distance: Double) {
        key("score")
        significant(score, digits: 5)
        key("distance")
        significant(distance)
    }
}
