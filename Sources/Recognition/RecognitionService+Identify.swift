import FaceAnalysis
import FaceModel
import FaceStore
public import Foundation
import Gallery
import Postgres

extension RecognitionService {
    /// See ``FaceService/identify(_:in:limit:counting:)``.
    public func identify(
        _ probe: Probe, in gallery: UUID, limit: Int, counting: Bool
    ) async throws(RecognitionError) -> Identification {
        _ = try requireReady()
        let sought = try await detected(in: probe)
        let limit = max(1, min(limit, Self.mostCandidates / max(1, sought.faces.count)))
        let trace = RecognitionTrace.current
        let searchStart = ContinuousClock.now
        let ranking = try await ranking(of: sought.faces, in: gallery, limit: trace?.depth(for: limit) ?? limit)
        let storeStart = ContinuousClock.now
        var compared = try await candidates(of: ranking)
        // Last, so that nothing but its own commit stands between a recognition that is counted and the answer.
        if counting { compared = try await counted(compared) }
        let identification = Identification(
            faces: sought.faces.indices.map { index in
                IdentifiedFace(
                    face: sought.faces[index].face, candidates: Array(compared[index].prefix(limit)),
                    comparedCount: ranking[index].comparedCount, searchDuration: ranking[index].duration)
            },
            stages: [
                "queue": sought.timings.queue, "decode": sought.timings.decode, "detect": sought.timings.detect,
                "embed": sought.timings.embed, "search": storeStart - searchStart,
                "store": ContinuousClock.now - storeStart,
            ])
        trace?.add(identification, compared: compared)
        return identification
    }

    /// Counts a recognition of the best candidate of each face, and gives the candidates with their new counts.
    private func counted(_ compared: [[Candidate]]) async throws(RecognitionError) -> [[Candidate]] {
        let level = settings.similarityLevel
        let counts = try await count(
            compared.compactMap { candidates in
                candidates.first.flatMap { $0.similarity >= level ? $0.person.id : nil }
            })
        return compared.map { candidates in
            candidates.map { candidate in
                guard let count = counts[candidate.person.id] else { return candidate }
                var person = candidate.person
                person.recognitionCount = count.count
                person.lastRecognitionAt = count.latest
                return Candidate(person: person, similarity: candidate.similarity)
            }
        }
    }

    /// How many persons an answer names, over all faces; each is in memory with all texts.
    private static let mostCandidates = 50_000

    private func detected(
        in probe: Probe
    ) async throws(RecognitionError) -> DetectedPicture {
        switch probe {
        case .photo(let bytes): return try await detected(in: bytes)
        case .template(let bytes):
            let embedding = try embedding(ofTemplate: bytes)
            return DetectedPicture(faces: [ProbeFace(embedding: embedding)])
        }
    }

    /// See ``FaceService/isTemplate(_:)``.
    public func isTemplate(_ bytes: [UInt8]) -> Bool {
        // No picture format begins with our template's version, and none is so short by chance.
        bytes.first == FaceTemplate.version
            && bytes.count == FaceTemplate.byteCount(dimension: analyzer.manifest.dimension)
    }

    /// The embedding in a template that this server's model made.
    func embedding(ofTemplate bytes: [UInt8]) throws(RecognitionError) -> Embedding {
        guard let template = FaceTemplate(bytes: bytes, dimension: analyzer.manifest.dimension),
            template.model == analyzer.manifest.fingerprint
        else { throw .invalidTemplate }
        return template.embedding
    }
}

/// Who is most like one face, before anything is known of the persons but their ids.
struct RankedFace: Sendable {
    struct Match: Sendable {
        let person: UUID
        let similarity: Double
    }

    /// Highest similarity first.
    var matches: [Match]
    var comparedCount = 0
    var duration = Duration.zero
}

extension RecognitionService {
    /// The persons most like each face; all faces at once, so that they share a pass over the gallery.
    func ranking(
        of faces: [ProbeFace], in gallery: UUID, limit: Int
    ) async throws(RecognitionError) -> [RankedFace] {
        var ranking = await withTaskGroup(of: (Int, SearchQueue.Answer).self) { group in
            for (index, face) in faces.enumerated() {
                group.addTask { (index, await self.search(face.embedding, in: gallery, limit: limit)) }
            }
            var ranking = faces.map { _ in RankedFace(matches: []) }
            for await (index, answer) in group {
                ranking[index] = RankedFace(
                    matches: answer.matches.map { .init(person: $0.subjectID, similarity: self.similarity($0)) },
                    comparedCount: answer.comparedCount, duration: answer.duration)
            }
            return ranking
        }
        for (index, face) in faces.enumerated() {
            guard let imposed = face.imposed else { continue }
            let person = try await storing { () throws(PostgresError) in
                try await store.persons.find(imposed.key, in: gallery)
            }
            ranking[index].matches = person.map { [.init(person: $0.id, similarity: imposed.similarity)] } ?? []
        }
        return ranking
    }

    /// The persons of a ranking; who was deleted since the search is no candidate any more.
    func candidates(of ranking: [RankedFace]) async throws(RecognitionError) -> [[Candidate]] {
        let persons = try await persons(Set(ranking.flatMap { $0.matches.map(\.person) }))
        return ranking.map { face in
            face.matches.compactMap { match in
                persons[match.person].map { Candidate(person: $0, similarity: match.similarity) }
            }
        }
    }

    func persons(_ ids: Set<UUID>) async throws(RecognitionError) -> [UUID: Person] {
        let persons = try await storing { () throws(PostgresError) in try await store.persons.find(Array(ids)) }
        return Dictionary(uniqueKeysWithValues: persons.map { ($0.id, $0) })
    }

    private func similarity(_ match: GalleryMatch) -> Double { similarity(cosine: match.cosine) }

    func similarity(cosine: Double) -> Double { analyzer.manifest.similarityScale.similarity(cosine: cosine) }
}

extension RecognitionTrace {
    /// How many persons are looked at for an answer that has room for `limit`.
    fileprivate func depth(for limit: Int) -> Int {
        let (depth, isTooMany) = limit.addingReportingOverflow(Self.nearMisses)
        return isTooMany ? limit : depth
    }

    /// Keeps what a search compared; what the answer has no room for was ranked below.
    fileprivate func add(_ identification: Identification, compared: [[Candidate]]) {
        for (face, candidates) in zip(identification.faces, compared) {
            // A client may ask for thousands of persons; a trace of them all would fill the memory.
            let matches = candidates.prefix(Self.mostMatches).enumerated().map { rank, candidate in
                Match(
                    person: candidate.person, similarity: candidate.similarity,
                    outcome: rank < face.candidates.count ? .shown : .rankedBelow)
            }
            add(Face(box: face.face?.box, quality: face.face?.quality, matches: matches))
        }
        add(identification.stages)
    }
}
