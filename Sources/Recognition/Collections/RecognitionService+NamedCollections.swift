import FaceAnalysis
public import FaceModel
import FaceStore
public import Foundation
import Gallery
import Postgres

extension RecognitionService: NamedCollectionService {
    /// See ``NamedCollectionService/addNamedCollection(_:)``.
    public func addNamedCollection(_ name: String) async throws(CollectionError) -> NamedCollection {
        let gallery = configuration.ids.next()
        let isNew = try await collecting { () async throws(RecognitionError) in
            _ = try requireReady()
            return try await storing { () throws(PostgresError) in
                try await store.namedCollections.add(name, gallery: gallery, at: now())
            }
        }
        guard isNew else { throw .nameTaken }
        return NamedCollection(gallery: gallery, name: name, count: 0)
    }

    /// See ``NamedCollectionService/namedCollection(_:)``.
    public func namedCollection(_ name: String) async throws(CollectionError) -> NamedCollection {
        let found = try await collecting { () async throws(RecognitionError) in
            _ = try requireReady()
            return try await storing { () throws(PostgresError) in try await store.namedCollections.find(name) }
        }
        guard let found else { throw .unknownCollection }
        return found
    }

    /// See ``NamedCollectionService/namedCollections()``.
    public func namedCollections() async throws(CollectionError) -> [NamedCollection] {
        try await collecting { () async throws(RecognitionError) in
            _ = try requireReady()
            return try await storing { () throws(PostgresError) in try await store.namedCollections.all() }
        }
    }

    /// See ``NamedCollectionService/removeNamedCollection(_:)``.
    public func removeNamedCollection(_ name: String) async throws(CollectionError) -> NamedCollection {
        _ = try await namedCollection(name)
        return try await shielded { [self] () async throws(CollectionError) in
            try await gate.withAccess(to: .everyone) { () async throws(CollectionError) in
                let collection = try await namedCollection(name)
                try await collecting { () async throws(RecognitionError) in
                    try await changing { () throws(PostgresError) in
                        try await store.persons.removeAll(from: collection.gallery)
                        try await store.namedCollections.remove(collection.gallery)
                    }
                }
                // A search that holds the gallery already began before.
                galleries.remove(collection.gallery)
                recordGallerySize()
                return collection
            }
        }
    }

    /// See ``NamedCollectionService/enrol(_:in:)``.
    public func enrol(
        _ enrolment: NamedEnrolment, in collection: NamedCollection
    ) async throws(CollectionError) -> NamedCollectionMember {
        let model = try await collecting { () async throws(RecognitionError) in try requireReady() }
        let face = try await record(of: enrolment, model: model)
        let new = configuration.ids.next()
        let person = PersonRecord(
            key: .external(enrolment.id), newID: new, texts: PersonTexts(name: enrolment.name), createdAt: now())
        let gallery = collection.gallery
        // Of two similar faces that come at once only the first is let in, so they wait for each other.
        let keys = [person.key, .id(new)] + (enrolment.duplicateCosine == nil ? [] : [.id(gallery)])
        let scope = try await collecting { () async throws(RecognitionError) in
            configuration.maxPersons == nil
                ? try await self.scope(of: keys, in: gallery) : WriteGate<PersonKey>.Scope.everyone
        }
        return try await shielded { [self] () async throws(CollectionError) in
            try await gate.withAccess(to: scope) { () async throws(CollectionError) in
                // The collection may have been deleted meanwhile.
                _ = try await namedCollection(collection.name)
                try await requireNobodyLike(face.embedding, as: enrolment, in: gallery)
                return try await collecting { () async throws(RecognitionError) in
                    try await checkRoom(for: person.key, in: gallery)
                    let stored = try await changing { () throws(PostgresError) in
                        try await store.persons.put(
                            person, faces: [face], in: gallery,
                            also: NamedCollectionRepository.companion(metadata: enrolment.metadata))
                    }
                    await follow(GalleryChange(stored, adding: [face]))
                    return NamedCollectionMember(person: stored.person, metadata: enrolment.metadata)
                }
            }
        }
    }

    /// What is stored of the picture, as far as the enrolment lets it.
    private func record(of enrolment: NamedEnrolment, model: ModelID) async throws(CollectionError) -> FaceRecord {
        try await collecting { () async throws(RecognitionError) in
            let picture = enrolment.picture
            let face = try theOneFace(of: try await detected(in: picture).faces.compactMap(\.face))
            guard Double(face.quality) >= settings.minimumPhotoQuality else { throw .lowQuality(face.quality) }
            var (image, thumbnail): ([UInt8]?, [UInt8]?)
            if enrolment.storage != .none {
                thumbnail = try await analyzing { () throws(FaceAnalysisError) in
                    try await analyzer.thumbnails(of: [face.landmarks], in: picture).first ?? nil
                }
            }
            if enrolment.storage == .whole { image = try await jpeg(picture) }
            return FaceRecord(
                id: configuration.ids.next(), image: image, mediaType: "image/jpeg", embedding: face.embedding,
                model: model, quality: face.quality, box: face.box, landmarks: face.landmarks, pose: face.pose,
                thumbnail: thumbnail)
        }
    }

    private func requireNobodyLike(
        _ embedding: Embedding, as enrolment: NamedEnrolment, in gallery: UUID
    ) async throws(CollectionError) {
        guard let limit = enrolment.duplicateCosine else { return }
        let known = try await collecting { () async throws(RecognitionError) in
            try await storing { () throws(PostgresError) in
                try await store.persons.find(.external(enrolment.id), in: gallery)
            }
        }
        // Two, for the best may be the person who is replaced.
        let matches = await search(embedding, in: gallery, limit: 2).matches
        guard !matches.contains(where: { $0.subjectID != known?.id && $0.cosine >= limit }) else {
            throw .similarPerson
        }
    }

    /// See ``NamedCollectionService/member(_:of:)``.
    public func member(
        _ id: String, of collection: NamedCollection
    ) async throws(CollectionError) -> NamedCollectionMember {
        let person = try await collecting { () async throws(RecognitionError) in
            try await storing { () throws(PostgresError) in
                try await store.persons.find(.external(id), in: collection.gallery)
            }
        }
        guard let person, let member = try await complete([person]).first else {
            throw .recognition(.unknownPerson)
        }
        return member
    }

    /// See ``NamedCollectionService/members(_:)``.
    public func members(_ ids: [UUID]) async throws(CollectionError) -> [UUID: NamedCollectionMember] {
        let persons = try await collecting { () async throws(RecognitionError) in
            try await storing { () throws(PostgresError) in try await store.persons.find(ids) }
        }
        let members = try await complete(persons)
        return Dictionary(uniqueKeysWithValues: members.map { ($0.person.id, $0) })
    }

    /// See ``NamedCollectionService/members(of:offset:limit:)``.
    public func members(
        of collection: NamedCollection, offset: Int, limit: Int
    ) async throws(CollectionError) -> ListPage<NamedCollectionMember> {
        let slice = try await collecting { () async throws(RecognitionError) in
            try await storing { () throws(PostgresError) in
                try await store.persons.page(PersonQuery(gallery: collection.gallery), offset: offset, limit: limit)
            }
        }
        return ListPage(elements: try await complete(slice.persons), total: slice.total)
    }

    private func complete(_ persons: [Person]) async throws(CollectionError) -> [NamedCollectionMember] {
        let metadata = try await collecting { () async throws(RecognitionError) in
            try await storing { () throws(PostgresError) in
                try await store.namedCollections.metadata(of: persons.map(\.id))
            }
        }
        return persons.map { NamedCollectionMember(person: $0, metadata: metadata[$0.id] ?? "{}") }
    }

    /// See ``NamedCollectionService/removeMember(_:of:)``.
    public func removeMember(_ id: String, of collection: NamedCollection) async throws(CollectionError) {
        try await collecting { () async throws(RecognitionError) in
            let unknown = try await remove([.external(id)], from: collection.gallery)
            guard unknown.isEmpty else { throw .unknownPerson }
        }
    }

    /// See ``NamedCollectionService/keptPictures(of:)``.
    public func keptPictures(of faces: [UUID]) async throws(CollectionError) -> [UUID: [UInt8]] {
        try await collecting { () async throws(RecognitionError) in
            var pictures = try await storing { () throws(PostgresError) in try await store.thumbnails.find(faces) }
            for face in faces {
                let photo = try await storing { () throws(PostgresError) in try await store.images.find(face: face) }
                if let photo { pictures[face] = photo.bytes }
            }
            return pictures
        }
    }
}
