import FaceAnalysis
public import FaceModel
import FaceStore
public import Foundation
import Postgres

extension RecognitionService {
    /// See ``CollectionService/enrol(_:pictures:)``.
    public func enrol(
        _ draft: ProfileDraft, pictures: [PortraitPicture]
    ) async throws(CollectionError) -> ProfiledPerson {
        let model = try await collecting { () async throws(RecognitionError) in try requireReady() }
        let faces = try await records(of: pictures, model: model)
        let new = configuration.ids.next()
        let person = PersonRecord(
            key: draft.id.map(PersonKey.external) ?? .id(new), newID: new,
            texts: PersonTexts(
                name: draft.name ?? draft.id ?? new.uuidString.lowercased(), comment: draft.notes ?? ""),
            createdAt: now())
        let collections = Set(draft.collections).sorted { $0.uuidString < $1.uuidString }
        let scope = try await scope(of: person.key, new, collections)
        return try await shielded { [self] () async throws(CollectionError) in
            try await gate.withAccess(to: scope) { () async throws(CollectionError) in
                let text = draft.id ?? new.uuidString
                let taken = try await collecting { () async throws(RecognitionError) in
                    try await personIDs(of: [text])
                }
                guard taken.isEmpty else { throw .personTaken }
                try await requireCollections(collections)
                let id = try await collecting { () async throws(RecognitionError) in
                    try await checkRoom(for: person.key, in: .sharedGallery)
                    let stored = try await changing { () throws(PostgresError) in
                        try await store.persons.put(
                            person, faces: faces, in: .sharedGallery,
                            also: ProfileRepository.companion(
                                profile: draft.profile, collections: collections, at: person.createdAt))
                    }
                    var change = GalleryChange(stored, adding: faces)
                    change.collections = Set(collections)
                    change.present = change.added
                    await follow(change)
                    return stored.person.id
                }
                return try await self.person(id)
            }
        }
    }

    /// What the enrolment of a person touches; a limit on the number of persons lets no other enrolment go beside it.
    private func scope(
        of key: PersonKey, _ id: UUID, _ collections: [UUID]
    ) async throws(CollectionError) -> WriteGate<PersonKey>.Scope {
        guard configuration.maxPersons == nil else { return .everyone }
        var keys = [key, .id(id)] + collections.map(PersonKey.id)
        // A text may also be the UUID by which somebody else is known.
        if case .external(let text) = key, let other = UUID(uuidString: text) { keys.append(.id(other)) }
        let wanted = keys
        return try await collecting { () async throws(RecognitionError) in
            try await self.scope(of: wanted, in: .sharedGallery)
        }
    }

    /// See ``CollectionService/change(_:_:)``.
    public func change(_ id: String, _ changes: ProfileChanges) async throws(CollectionError) -> ProfiledPerson {
        let model = try await collecting { () async throws(RecognitionError) in try requireReady() }
        let known = try await profiledPerson(id)
        let faces = try await records(of: changes.pictures, model: model)
        let collections = changes.collections.map { Set($0).sorted { $0.uuidString < $1.uuidString } }
        let key = PersonKey.id(known.id)
        let touched = [key] + [known.person.externalID.map(PersonKey.external)].compactMap(\.self)
        let scope = WriteGate<PersonKey>.Scope.some(Set(touched + (collections ?? []).map(PersonKey.id)))
        return try await shielded { [self] () async throws(CollectionError) in
            try await gate.withAccess(to: scope) { () async throws(CollectionError) in
                let old = try await person(known.id)
                let removal = try changes.removal(from: old)
                if let collections { try await requireCollections(collections) }
                try await collecting { () async throws(RecognitionError) in
                    let moment = now()
                    let stored = try await changing { () throws(PostgresError) in
                        try await store.persons.changeFaces(
                            of: key, in: .sharedGallery, adding: faces, removing: removal, at: moment,
                            also: ProfileRepository.companion(
                                texts: changes.texts(of: old.person), profile: changes.profile(of: old.profile),
                                collections: collections, at: moment))
                    }
                    guard let stored else { throw .unknownPerson }
                    var change = GalleryChange(stored, adding: faces)
                    if let collections {
                        change.collections = Set(collections)
                        change.present = try await presentFaces(of: known.id, model: model)
                    }
                    await follow(change)
                }
                return try await person(known.id)
            }
        }
    }

    /// All faces that a person has now, as the galleries hold them.
    private func presentFaces(
        of person: UUID, model: ModelID
    ) async throws(RecognitionError) -> [(id: UUID, embedding: Embedding)] {
        do {
            return try await storing { () throws(PostgresError) in
                try await store.collections.faces(of: person, madeBy: model)
            }.compactMap { face in face.embedding.map { (face.id, $0) } }
        } catch {
            // The change is done, only memory does not know of it yet.
            doubtGalleries()
            throw error
        }
    }

    /// See ``CollectionService/profiledPerson(_:)``.
    public func profiledPerson(_ id: String) async throws(CollectionError) -> ProfiledPerson {
        let key = try await collecting { () async throws(RecognitionError) in
            _ = try requireReady()
            return try await personIDs(of: [id])[id]
        }
        guard let key else { throw .recognition(.unknownPerson) }
        return try await person(key)
    }

    private func person(_ id: UUID) async throws(CollectionError) -> ProfiledPerson {
        guard let person = try await profiledPersons([id]).first else { throw .recognition(.unknownPerson) }
        return person
    }

    /// See ``CollectionService/profiledPersons(_:)``.
    public func profiledPersons(_ ids: [UUID]) async throws(CollectionError) -> [ProfiledPerson] {
        try await collecting { () async throws(RecognitionError) in
            _ = try requireReady()
            return try await storing { () throws(PostgresError) in try await store.profiles.find(ids) }
        }
    }

    /// See ``CollectionService/profiledPersons(in:by:_:)``.
    public func profiledPersons(
        in collection: UUID?, by order: PersonOrder, _ window: ListWindow
    ) async throws(CollectionError) -> ListPage<ProfiledPerson> {
        if let collection { try await requireCollections([collection]) }
        return try await collecting { () async throws(RecognitionError) in
            _ = try requireReady()
            return try await storing { () throws(PostgresError) in
                try await store.profiles.page(ProfileQuery(collection: collection, order: order, window: window))
            }
        }
    }

    /// See ``CollectionService/portraits(of:)``.
    public func portraits(of persons: [ProfiledPerson]) async throws(CollectionError) -> [UUID: [Portrait]] {
        let shown = persons.flatMap { $0.faces.prefix(ProfileDraft.mostPictures) }
        let files = try await collecting { () async throws(RecognitionError) in try await thumbnails(of: shown) }
        var portraits: [UUID: [Portrait]] = [:]
        for person in persons {
            let known = person.faces.prefix(ProfileDraft.mostPictures).compactMap { face in
                files[face].map { Portrait(id: face, file: $0) }
            }
            portraits[person.id] =
                known.isEmpty
                ? [Portrait(id: person.faces.first ?? person.person.imageID, file: analyzer.neutralThumbnail)] : known
        }
        return portraits
    }

    /// See ``CollectionService/removePersons(_:)``.
    public func removePersons(_ ids: [String]) async throws(CollectionError) -> [String] {
        try await collecting { () async throws(RecognitionError) in
            let known = try await personIDs(of: ids)
            let left = Set(try await remove(Set(known.values).map(PersonKey.id), from: .sharedGallery))
            var told: Set<UUID> = []
            return ids.filter { id in
                guard let key = known[id], !left.contains(.id(key)) else { return false }
                return told.insert(key).inserted
            }
        }
    }
}

extension ProfileChanges {
    /// The faces that go, when enough of them are left and not too many come.
    func removal(from old: ProfiledPerson) throws(CollectionError) -> FaceSelection {
        var count = old.faces.count
        let selection: FaceSelection
        switch removal {
        case .none: selection = .none
        case .all: (selection, count) = (.all, 0)
        case .faces(let ids):
            let wanted = Set(ids)
            guard wanted.isSubset(of: old.faces) else { throw .unknownFace }
            (selection, count) = (.some(Array(wanted)), count - wanted.count)
        }
        count += pictures.count
        guard count > 0 else { throw .noFaceLeft }
        guard pictures.isEmpty || count <= ProfileDraft.mostPictures else { throw .tooManyFaces }
        return selection
    }

    /// New texts of a person; `nil` when none is changed.
    func texts(of person: Person) -> PersonTexts? {
        var texts = person.texts
        if let name, name != person.joinedName {
            texts.name = name
            texts.surname = ""
            texts.patronymic = ""
        }
        if let notes { texts.comment = notes ?? "" }
        return texts == person.texts ? nil : texts
    }

    /// The profile after the change.
    func profile(of old: PersonProfile) -> PersonProfile {
        PersonProfile(
            gender: gender ?? old.gender, dateOfBirth: dateOfBirth ?? old.dateOfBirth,
            nationality: nationality ?? old.nationality)
    }
}
