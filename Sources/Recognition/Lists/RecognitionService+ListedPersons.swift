public import FaceModel
import FaceStore
public import Foundation
import Gallery
import Postgres

extension RecognitionService {
    /// See ``ListService/personCount(in:)``.
    public func personCount(in gallery: UUID) async throws(RecognitionError) -> Int {
        _ = try requireReady()
        return galleries.personCount(of: gallery)
    }

    /// See ``ListService/listedPersons(of:after:limit:)``.
    public func listedPersons(
        of gallery: UUID, after place: ListPlace?, limit: Int
    ) async throws(RecognitionError) -> [(person: ListedPerson, place: ListPlace)] {
        _ = try requireReady()
        return try await storing { () throws(PostgresError) in
            try await store.listedPersons.page(of: gallery, after: place, limit: limit)
        }
    }

    /// See ``ListService/listedPersons(_:)``.
    public func listedPersons(_ ids: [UUID]) async throws(RecognitionError) -> [UUID: ListedPerson] {
        _ = try requireReady()
        let persons = try await storing { () throws(PostgresError) in try await store.listedPersons.find(ids) }
        return Dictionary(uniqueKeysWithValues: persons.map { ($0.person.id, $0) })
    }

    /// See ``ListService/embeddings(of:)``.
    public func embeddings(of persons: [UUID]) async throws(RecognitionError) -> [UUID: Embedding] {
        _ = try requireReady()
        let faces = try await storing { () throws(PostgresError) in try await store.persons.faces(of: persons) }
        // The oldest face of each person is the reference face.
        return Dictionary(faces.map { ($0.person, $0.embedding) }) { oldest, _ in oldest }
    }

    /// See ``ListService/setFields(_:of:in:)``.
    public func setFields(_ fields: [String], of person: UUID, in gallery: UUID) async throws(RecognitionError) {
        _ = try requireReady()
        let moment = now()
        // A new face writes the fields, too, as they were when it was looked at.
        try await gate.withAccess(to: .some([.id(person)])) { () async throws(RecognitionError) in
            let isKnown = try await storing { () throws(PostgresError) in
                try await store.listedPersons.setFields(
                    fields, of: person, in: gallery, defaults: .sharedGallery, at: moment)
            }
            guard isKnown else { throw .unknownPerson }
        }
    }

    /// See ``ListService/dropPictures(of:in:)``.
    public func dropPictures(of person: UUID, in gallery: UUID) async throws(RecognitionError) {
        _ = try requireReady()
        let moment = now()
        try await shielded { [self] () async throws(RecognitionError) in
            try await gate.withAccess(to: .some([.id(person)])) { () async throws(RecognitionError) in
                let isKnown = try await storing { () throws(PostgresError) in
                    guard try await store.persons.find(.id(person), in: gallery) != nil else { return false }
                    let faces = try await store.persons.faces(of: [person])
                    try await store.images.remove(of: faces.map(\.id))
                    try await store.listedPersons.touch(person, defaults: .sharedGallery, at: moment)
                    return true
                }
                guard isKnown else { throw .unknownPerson }
            }
        }
    }

    /// See ``ListService/move(_:from:to:)``.
    public func move(_ person: UUID, from gallery: UUID, to target: UUID) async throws(RecognitionError) {
        let model = try requireReady()
        try await shielded { [self] () async throws(RecognitionError) in
            // A list that is being deleted takes nobody in any more.
            try await listGate.withAccess(to: .some([target])) { () async throws(RecognitionError) in
                try await gate.withAccess(to: .some([.id(person)])) { () async throws(RecognitionError) in
                    let moved = try await changing { () throws(PostgresError) in
                        try await store.persons.move(.id(person), from: gallery, to: target, model: model)
                    }
                    guard let moved else { throw .unknownPerson }
                    await followMove(of: person, faces: moved, from: gallery, to: target)
                }
            }
        }
    }

    private func followMove(of person: UUID, faces: [MovedFace], from gallery: UUID, to target: UUID) async {
        var arrival = GalleryChange(gallery: target, subject: person, personDelta: 1)
        arrival.added = faces.compactMap { face in face.embedding.map { (face.id, $0) } }
        await follow(arrival)
        var departure = GalleryChange(gallery: gallery, subject: person, personDelta: -1)
        departure.removed = faces.map(\.id)
        departure.collections = []
        await follow(departure)
    }

    /// See ``ListService/removePersons(_:from:)``.
    public func removePersons(_ ids: [UUID], from gallery: UUID) async throws(RecognitionError) -> [UUID] {
        let unknown = Set(try await remove(ids.map(PersonKey.id), from: gallery))
        var seen: Set<UUID> = []
        return ids.filter { !unknown.contains(.id($0)) && seen.insert($0).inserted }
    }

    /// See ``ListService/fuse(_:into:of:keepsOld:)``.
    public func fuse(
        _ embeddings: [Embedding], into person: UUID, of gallery: UUID, keepsOld: Bool
    ) async throws(RecognitionError) -> Embedding {
        let model = try requireReady()
        let moment = now()
        return try await shielded { [self] () async throws(RecognitionError) in
            try await gate.withAccess(to: .some([.id(person)])) { () async throws(RecognitionError) in
                let (known, faces) = try await storing { () throws(PostgresError) in
                    (
                        try await store.persons.find(.id(person), in: gallery),
                        try await store.persons.faces(of: [person])
                    )
                }
                guard known != nil, let reference = faces.first else { throw .unknownPerson }
                // A face without a picture keeps the vector of an earlier model, which nothing can be joined with.
                guard !keepsOld || reference.model == model else { throw .invalidTemplate }
                let old = keepsOld ? [(reference.embedding, reference.weight)] : []
                let all = old + embeddings.map { ($0, 1) }
                guard let fused = Embedding(weightedMeanOf: all) else { throw .invalidTemplate }
                let weight = min(Int(Int32.max), all.reduce(0) { $0 + $1.1 })
                try await changing { () throws(PostgresError) in
                    _ = try await store.faces.replaceEmbedding(
                        of: reference.id, with: fused, model: model, weight: weight)
                    try await store.listedPersons.touch(person, defaults: .sharedGallery, at: moment)
                }
                var change = GalleryChange(gallery: gallery, subject: person)
                change.added = [(reference.id, fused)]
                await follow(change)
                return fused
            }
        }
    }

    /// See ``ListService/record(_:picture:)``.
    public func record(_ action: ListAction, picture: [UInt8]?) async throws(RecognitionError) {
        _ = try requireReady()
        let file: [UInt8]? = if let picture { try await jpeg(picture) } else { nil }
        try await storing { () throws(PostgresError) in try await store.actions.add(action, picture: file) }
    }

    /// See ``ListService/picture(_:)``.
    public func picture(_ id: UUID) async throws(RecognitionError) -> StoredImage? {
        _ = try requireReady()
        let record = try await storing { () throws(PostgresError) in try await store.images.find(face: id) }
        return record.map { StoredImage(bytes: $0.bytes) }
    }
}
