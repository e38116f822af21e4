import FaceAnalysis
import FaceModel
import FaceStore
public import Foundation
import Gallery
import Postgres

extension RecognitionService {
    /// One face of a frame, compared but not written down yet.
    private struct CapturedFace: Sendable {
        let face: DetectedFace
        let picture: [UInt8]
        let hits: [PassHit]
    }

    /// See ``RecognitionControl/record(_:camera:at:in:)``.
    public func record(
        _ frame: [UInt8], camera id: String, at time: Date?, in gallery: UUID
    ) async throws(RecognitionError) -> [RecordedFace] {
        let model = try requireReady()
        let found = try await storing { () throws(PostgresError) in try await store.cameras.find(id) }
        guard let camera = found else { throw .unknownCamera }
        let moment = time.map(Self.wholeMilliseconds) ?? now()
        let settings = settings
        let faces = try await capture(frame, in: gallery, settings)
        return try await shielded { [self] () async throws(RecognitionError) in
            try await cameraGate.withAccess(to: .some([camera.id])) { () async throws(RecognitionError) in
                // A reset may have come in between: what it took away must not come back.
                let found = try await storing { () throws(PostgresError) in try await store.cameras.find(id) }
                guard let camera = found else { throw .unknownCamera }
                let written = try await write(faces, from: camera, at: moment, model: model, settings)
                return try await addingStrangers(written, faces: faces, in: gallery, model: model, settings)
            }
        }
    }

    /// Analyses a frame and compares its faces.
    private func capture(
        _ frame: [UInt8], in gallery: UUID, _ settings: RecognitionSettings
    ) async throws(RecognitionError) -> [CapturedFace] {
        let detected = try await detected(in: frame, wantsAttributes: settings.estimatesAttributes)
        let faces = detected.faces.compactMap(\.face)
        let searchStart = ContinuousClock.now
        let ranking = try await ranking(
            of: detected.faces, in: gallery, limit: settings.similarFaces + RecognitionTrace.nearMisses)
        let compared = try await candidates(of: ranking)
        let searchEnd = ContinuousClock.now
        let pictures = try await analyzing { () throws(FaceAnalysisError) in
            try await analyzer.portraits(of: faces.map(\.box), in: frame)
        }
        let trace = RecognitionTrace.current
        trace?.add([
            "queue": detected.timings.queue, "decode": detected.timings.decode, "detect": detected.timings.detect,
            "embed": detected.timings.embed, "search": searchEnd - searchStart,
            "portrait": ContinuousClock.now - searchEnd,
        ])
        return faces.indices.map { index in
            let face = faces[index]
            let outcomes = outcomes(of: compared[index], quality: face.quality, settings)
            trace?.add(
                RecognitionTrace.Face(
                    box: face.box, quality: face.quality,
                    matches: zip(compared[index], outcomes).map { candidate, outcome in
                        .init(person: candidate.person, similarity: candidate.similarity, outcome: outcome)
                    }))
            let hits = zip(compared[index], outcomes).filter { $0.1 == .shown }.map(\.0)
            return CapturedFace(
                face: face, picture: pictures[index],
                hits: hits.map { PassHit($0.person, similarity: $0.similarity) })
        }
    }

    /// Which candidates become hits, and why the others do not.
    private func outcomes(
        of candidates: [Candidate], quality: Float, _ settings: RecognitionSettings
    ) -> [RecognitionTrace.Outcome] {
        candidates.enumerated().map { rank, candidate in
            if Double(quality) < settings.minimumRecognitionQuality { return .lowQuality }
            if candidate.similarity < settings.similarityLevel { return .withheld }
            return rank < settings.similarFaces ? .shown : .rankedBelow
        }
    }

    /// Writes the faces of one frame: a row for each new pass, a better picture for passes that go on.
    private func write(
        _ faces: [CapturedFace], from camera: Camera, at moment: Date, model: ModelID,
        _ settings: RecognitionSettings
    ) async throws(RecognitionError) -> [RecordedFace] {
        var draft = FrameDraft(
            tracks: tracker.tracks(
                of: camera.id, at: moment,
                lostAge: settings.selectsBestFrame ? Double(settings.faceLostAge) / 1000 : -1),
            model: model, ids: configuration.ids, settings: settings,
            isSame: { [self] in similarity(cosine: $0) >= settings.similarityLevel })
        for face in faces {
            draft.add(
                Pass(
                    id: configuration.ids.next(), cameraID: camera.id, cameraName: camera.name, capturedAt: moment,
                    attributes: face.face.attributes, quality: face.face.quality, embedding: face.face.embedding,
                    model: analyzer.manifest.fingerprint, hits: face.hits),
                picture: face.picture)
        }
        let record = draft.record
        try await storing { () throws(PostgresError) in try await store.passes.record(record) }
        tracker.setTracks(draft.tracks, of: camera.id)
        hub.publish(record.events)
        return draft.results
    }

    /// Adds the unrecognised faces of new passes as persons, where the settings say so.
    private func addingStrangers(
        _ written: [RecordedFace], faces: [CapturedFace], in gallery: UUID, model: ModelID,
        _ settings: RecognitionSettings
    ) async throws(RecognitionError) -> [RecordedFace] {
        guard settings.addsUnrecognised else { return written }
        var results: [RecordedFace] = []
        for (result, captured) in zip(written, faces) {
            var person: Person?
            if result.isNew, captured.hits.isEmpty,
                Double(captured.face.quality)
                    >= max(
                        settings.minimumEnrolmentQuality, settings.minimumRecognitionQuality)
            {
                person = try await addStranger(captured, in: gallery, model: model, settings)
            }
            results.append(
                RecordedFace(pass: result.pass, isNew: result.isNew, addedPerson: person, events: result.events))
        }
        return results
    }

    /// - Returns: `nil` when somebody added the same face meanwhile, or there is no room.
    private func addStranger(
        _ captured: CapturedFace, in gallery: UUID, model: ModelID, _ settings: RecognitionSettings
    ) async throws(RecognitionError) -> Person? {
        let id = configuration.ids.next()
        let person = PersonRecord(
            key: .id(id),
            texts: PersonTexts(surname: id.uuidString, department: settings.unrecognisedDepartment),
            autoCreated: true, createdAt: now())
        let face = FaceRecord(
            id: configuration.ids.next(), image: captured.picture, mediaType: "image/jpeg",
            embedding: captured.face.embedding, model: model, quality: captured.face.quality)
        return try await gate.withAccess(to: .everyone) { () async throws(RecognitionError) in
            let nearest = await search(face.embedding, in: gallery, limit: 1).matches.first
            if let nearest, similarity(cosine: nearest.cosine) >= settings.similarityLevel { return nil }
            do throws(RecognitionError) {
                try await checkRoom(for: person.key, in: gallery)
            } catch {
                guard error == .limitReached else { throw error }
                return nil
            }
            return try await put(person, face: face, in: gallery)
        }
    }
}
