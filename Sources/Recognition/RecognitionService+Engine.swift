import FaceAnalysis
import FaceModel
import FaceStore
public import Foundation
import Gallery
import Postgres

extension RecognitionService: FaceEngine {
    /// See ``FaceEngine/dimension``.
    public var dimension: Int { analyzer.manifest.dimension }

    /// See ``FaceEngine/falseMatchCosines``.
    public var falseMatchCosines: [Double] { analyzer.manifest.falseMatchCosines }

    /// See ``FaceEngine/examine(_:wantsAttributes:wantsThumbnails:)``.
    public func examine(
        _ picture: [UInt8], wantsAttributes: Bool, wantsThumbnails: Bool
    ) async throws(RecognitionError) -> Examination {
        _ = try requireReady()
        let found = try await detected(in: picture, wantsAttributes: wantsAttributes)
        var thumbnails: [[UInt8]?] = []
        if wantsThumbnails {
            thumbnails = try await analyzing { () throws(FaceAnalysisError) in
                try await analyzer.thumbnails(of: found.faces.compactMap { $0.face?.landmarks }, in: picture)
            }
        }
        return Examination(
            width: found.width, height: found.height, faces: found.faces, thumbnails: thumbnails,
            attributesDuration: found.timings.attributes)
    }

    /// See ``FaceEngine/matches(of:in:limit:)``.
    public func matches(
        of faces: [ProbeFace], in ids: [UUID], limit: Int
    ) async throws(RecognitionError) -> [[FaceMatch]] {
        _ = try requireReady()
        let places = faces.indices.flatMap { face in ids.indices.map { (face: face, gallery: $0) } }
        let found = await withTaskGroup(of: (Int, [FaceMatch]).self) { group in
            for (number, place) in places.enumerated() {
                let id = ids[place.gallery]
                group.addTask {
                    let answer = await self.search(faces[place.face].embedding, in: id, limit: limit)
                    return (
                        number,
                        answer.matches.map {
                            FaceMatch(person: $0.subjectID, gallery: id, face: $0.faceID, cosine: $0.cosine)
                        }
                    )
                }
            }
            return await group.reduce(into: [Int: [FaceMatch]]()) { $0[$1.0] = $1.1 }
        }
        var results: [[FaceMatch]] = faces.map { _ in [] }
        for (number, place) in places.enumerated() { results[place.face] += found[number] ?? [] }
        for (index, face) in faces.enumerated() {
            if let imposed = face.imposed {
                results[index] = try await match(imposed.key, in: ids, similarity: imposed.similarity)
            } else if ids.count > 1 {
                // Sorting is stable, so equal cosines stay in the order of the galleries.
                results[index] = Array(results[index].sorted { $0.cosine > $1.cosine }.prefix(limit))
            }
        }
        return results
    }

    /// The person that a script says a face is.
    private func match(
        _ key: PersonKey, in ids: [UUID], similarity: Double
    ) async throws(RecognitionError) -> [FaceMatch] {
        for id in ids {
            let home = galleries.isCollection(id) ? .sharedGallery : id
            let person = try await storing { () throws(PostgresError) in try await store.persons.find(key, in: home) }
            guard let person, home == id || galleries.contains(person.id, in: id) else { continue }
            let cosine = analyzer.manifest.similarityScale.cosine(similarity: similarity)
            return [FaceMatch(person: person.id, gallery: id, face: person.imageID, cosine: cosine)]
        }
        return []
    }

    /// See ``FaceEngine/thumbnails(of:)``.
    public func thumbnails(of faces: [UUID]) async throws(RecognitionError) -> [UUID: [UInt8]] {
        _ = try requireReady()
        var thumbnails = try await storing { () throws(PostgresError) in try await store.thumbnails.find(faces) }
        for face in faces where thumbnails[face] == nil {
            thumbnails[face] = try await makeThumbnail(of: face)
        }
        return thumbnails
    }

    /// Makes the thumbnail of a face that was enrolled without one, and keeps it.
    private func makeThumbnail(of face: UUID) async throws(RecognitionError) -> [UInt8]? {
        let (photo, points) = try await storing { () throws(PostgresError) in
            (try await store.images.find(face: face), try await store.faces.landmarks(of: face))
        }
        guard let photo else { return nil }
        // A photo beside a template was never looked at; a face may show itself now.
        var landmarks = points
        if landmarks == nil { landmarks = try? await detected(in: photo.bytes).faces.first?.face?.landmarks }
        guard let landmarks,
            let file = try? await analyzer.thumbnails(of: [landmarks], in: photo.bytes).first ?? nil
        else { return nil }
        try await storing { () throws(PostgresError) in try await store.thumbnails.add(file, of: face) }
        return file
    }
}
