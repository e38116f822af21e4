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
        let (sought, analysis) = try await faces(of: probe)
        let searchStart = ContinuousClock.now
        let answers = await search(sought.map(\.embedding), in: gallery, limit: max(1, limit))
        let storeStart = ContinuousClock.now
        if counting { try await count(recognised(in: answers)) }
        let persons = try await persons(Set(answers.flatMap { $0.matches.map(\.subjectID) }))
        return Identification(
            faces: zip(sought, answers).map { sought, answer in
                IdentifiedFace(
                    face: sought.face,
                    candidates: answer.matches.compactMap { match in
                        // Who was deleted since the search is no candidate any more.
                        persons[match.subjectID].map { Candidate(person: $0, similarity: similarity(match)) }
                    },
                    comparedCount: answer.comparedCount, searchDuration: answer.duration)
            },
            stages: [
                "queue": analysis.queue, "decode": analysis.decode, "detect": analysis.detect, "embed": analysis.embed,
                "search": storeStart - searchStart, "store": ContinuousClock.now - storeStart,
            ])
    }

    private struct SoughtFace {
        let face: DetectedFace?
        let embedding: Embedding
    }

    private func faces(
        of probe: Probe
    ) async throws(RecognitionError) -> ([SoughtFace], PictureAnalysis.Timings) {
        switch probe {
        case .photo(let bytes):
            let analysis = try await analyzing { () throws(FaceAnalysisError) in try await analyzer.analyze(bytes) }
            return (analysis.faces.map { SoughtFace(face: $0, embedding: $0.embedding) }, analysis.timings)
        case .template(let bytes):
            return ([SoughtFace(face: nil, embedding: try embedding(ofTemplate: bytes))], PictureAnalysis.Timings())
        }
    }

    /// The embedding in a template that this server's model made.
    func embedding(ofTemplate bytes: [UInt8]) throws(RecognitionError) -> Embedding {
        guard let template = FaceTemplate(bytes: bytes, dimension: analyzer.manifest.dimension),
            template.model == analyzer.manifest.fingerprint
        else { throw .invalidTemplate }
        return template.embedding
    }

    /// All faces at once, so that they share a pass over the gallery.
    private func search(_ embeddings: [Embedding], in gallery: UUID, limit: Int) async -> [SearchQueue.Answer] {
        await withTaskGroup(of: (Int, SearchQueue.Answer).self) { group in
            for (index, embedding) in embeddings.enumerated() {
                group.addTask { (index, await self.search(embedding, in: gallery, limit: limit)) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// The best person of each face, where the similarity reaches the level.
    private func recognised(in answers: [SearchQueue.Answer]) -> [UUID] {
        answers.compactMap { answer in
            answer.matches.first.flatMap { similarity($0) >= configuration.similarityLevel ? $0.subjectID : nil }
        }
    }

    private func similarity(_ match: GalleryMatch) -> Double {
        analyzer.manifest.similarityScale.similarity(cosine: match.cosine)
    }

    private func persons(_ ids: Set<UUID>) async throws(RecognitionError) -> [UUID: Person] {
        let persons = try await storing { () throws(PostgresError) in try await store.persons.find(Array(ids)) }
        return Dictionary(uniqueKeysWithValues: persons.map { ($0.id, $0) })
    }
}
