import FaceAnalysis
public import FaceModel
import FaceStore
public import Foundation
import Gallery
import Postgres

extension RecognitionService {
    /// A face whose box is below this part of the largest one's area is taken for a false detection or a passer-by and
    /// does not spoil a portrait.
    static let negligibleArea: Float = 0.05

    /// See ``FaceService/enrol(_:face:in:)``.
    public func enrol(
        _ draft: PersonDraft, face: EnrolmentFace, in gallery: UUID
    ) async throws(RecognitionError) -> Person {
        let model = try requireReady()
        let record = try await record(of: face, model: model)
        let id = configuration.ids.next()
        let person = PersonRecord(
            key: draft.key ?? .id(id), newID: id, texts: draft.texts, createdAt: now(),
            isPlatformUser: draft.isPlatformUser, attributes: draft.isPlatformUser ? draft.platformAttributes : nil)
        // A limit on the number of persons can only be kept when nobody else is added meanwhile.
        let scope =
            configuration.maxPersons == nil
            ? try await scope(of: [person.key, .id(id)], in: gallery) : WriteGate<PersonKey>.Scope.everyone
        return try await shielded { [self] () async throws(RecognitionError) in
            try await gate.withAccess(to: scope) { () async throws(RecognitionError) in
                try await checkRoom(for: person.key, in: gallery)
                return try await put(person, face: record, in: gallery)
            }
        }
    }

    func put(
        _ person: PersonRecord, face: FaceRecord, in gallery: UUID
    ) async throws(RecognitionError) -> Person {
        let stored = try await changing { () throws(PostgresError) in
            try await store.persons.put(person, face: face, in: gallery)
        }
        await follow(GalleryChange(stored, adding: [face]))
        return stored.person
    }

    func checkRoom(for key: PersonKey, in gallery: UUID) async throws(RecognitionError) {
        guard let limit = configuration.maxPersons else { return }
        let (count, known) = try await storing { () throws(PostgresError) in
            (try await store.persons.count(in: gallery), try await store.persons.find(key, in: gallery))
        }
        guard known != nil || count < limit else { throw .limitReached }
    }

    /// What is stored of a face: a photo is analysed, a template is believed.
    private func record(of face: EnrolmentFace, model: ModelID) async throws(RecognitionError) -> FaceRecord {
        switch face {
        case .photo(let bytes):
            let face = try theOneFace(of: try await detected(in: bytes).faces.compactMap(\.face))
            guard Double(face.quality) >= settings.minimumPhotoQuality else { throw .lowQuality(face.quality) }
            return FaceRecord(
                id: configuration.ids.next(), image: try await jpeg(bytes), mediaType: "image/jpeg",
                embedding: face.embedding, model: model,
                quality: face.quality, box: face.box, landmarks: face.landmarks, pose: face.pose)
        case .template(let template, let photo):
            return FaceRecord(
                id: configuration.ids.next(), image: try await jpeg(photo), mediaType: "image/jpeg",
                embedding: try embedding(ofTemplate: template),
                model: model, quality: 1)
        }
    }

    func jpeg(_ bytes: [UInt8]) async throws(RecognitionError) -> [UInt8] {
        try await analyzing { () throws(FaceAnalysisError) in try await analyzer.jpeg(from: bytes) }
    }

    func theOneFace(of faces: [DetectedFace]) throws(RecognitionError) -> DetectedFace {
        guard let largest = faces.max(by: { $0.box.area < $1.box.area }) else { throw .noFace }
        let counted = faces.filter { $0.box.area >= Self.negligibleArea * largest.box.area }
        guard counted.count == 1 else { throw .severalFaces(counted.count) }
        return largest
    }
}
