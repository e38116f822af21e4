import FaceModel
import Foundation
import Recognition

extension DeferredFaceService: CollectionService {
    /// The use cases, or what those about collections say as long as they are not there.
    private func present() throws(CollectionError) -> RecognitionService {
        do { return try ready() } catch { throw .recognition(error) }
    }

    func addCollection(name: String, description: String?) async throws(CollectionError) -> PersonCollection {
        try await present().addCollection(name: name, description: description)
    }

    func changeCollection(
        _ id: UUID, name: String?, description: String??
    ) async throws(CollectionError) -> PersonCollection {
        try await present().changeCollection(id, name: name, description: description)
    }

    func removeCollection(_ id: UUID) async throws(CollectionError) { try await present().removeCollection(id) }

    func collections(_ ids: [UUID]) async throws(CollectionError) -> [PersonCollection] {
        try await present().collections(ids)
    }

    func collections(
        _ window: ListWindow, of person: String?
    ) async throws(CollectionError) -> ListPage<PersonCollection> {
        try await present().collections(window, of: person)
    }

    func changeMembers(
        of collection: UUID, adding: [String], removing: [String]
    ) async throws(CollectionError) -> (added: [String], removed: [String]) {
        try await present().changeMembers(of: collection, adding: adding, removing: removing)
    }

    func enrol(_ draft: ProfileDraft, pictures: [PortraitPicture]) async throws(CollectionError) -> ProfiledPerson {
        try await present().enrol(draft, pictures: pictures)
    }

    func change(_ id: String, _ changes: ProfileChanges) async throws(CollectionError) -> ProfiledPerson {
        try await present().change(id, changes)
    }

    func profiledPerson(_ id: String) async throws(CollectionError) -> ProfiledPerson {
        try await present().profiledPerson(id)
    }

    func profiledPersons(_ ids: [UUID]) async throws(CollectionError) -> [ProfiledPerson] {
        try await present().profiledPersons(ids)
    }

    func profiledPersons(
        in collection: UUID?, by order: PersonOrder, _ window: ListWindow
    ) async throws(CollectionError) -> ListPage<ProfiledPerson> {
        try await present().profiledPersons(in: collection, by: order, window)
    }

    func portraits(of persons: [ProfiledPerson]) async throws(CollectionError) -> [UUID: [Portrait]] {
        try await present().portraits(of: persons)
    }

    func removePersons(_ ids: [String]) async throws(CollectionError) -> [String] {
        try await present().removePersons(ids)
    }
}

extension DeferredFaceService: NamedCollectionService {
    func addNamedCollection(_ name: String) async throws(CollectionError) -> NamedCollection {
        try await present().addNamedCollection(name)
    }

    func namedCollection(_ name: String) async throws(CollectionError) -> NamedCollection {
        try await present().namedCollection(name)
    }

    func namedCollections() async throws(CollectionError) -> [NamedCollection] {
        try await present().namedCollections()
    }

    func removeNamedCollection(_ name: String) async throws(CollectionError) -> NamedCollection {
        try await present().removeNamedCollection(name)
    }

    func enrol(
        _ enrolment: NamedEnrolment, in collection: NamedCollection
    ) async throws(CollectionError) -> NamedCollectionMember {
        try await present().enrol(enrolment, in: collection)
    }

    func member(_ id: String, of collection: NamedCollection) async throws(CollectionError) -> NamedCollectionMember {
        try await present().member(id, of: collection)
    }

    func members(_ ids: [UUID]) async throws(CollectionError) -> [UUID: NamedCollectionMember] {
        try await present().members(ids)
    }

    func members(
        of collection: NamedCollection, offset: Int, limit: Int
    ) async throws(CollectionError) -> ListPage<NamedCollectionMember> {
        try await present().members(of: collection, offset: offset, limit: limit)
    }

    func removeMember(_ id: String, of collection: NamedCollection) async throws(CollectionError) {
        try await present().removeMember(id, of: collection)
    }

    func keptPictures(of faces: [UUID]) async throws(CollectionError) -> [UUID: [UInt8]] {
        try await present().keptPictures(of: faces)
    }
}

extension DeferredFaceService: ProbeService {
    func probe(from pictures: [PortraitPicture], isAccurate: Bool) async throws(CollectionError) -> ProbeFace {
        try await present().probe(from: pictures, isAccurate: isAccurate)
    }

    func refined(_ faces: [ProbeFace], in picture: [UInt8]) async throws(CollectionError) -> [ProbeFace] {
        try await present().refined(faces, in: picture)
    }

    func cosine(of probe: ProbeFace, to person: UUID) async throws(CollectionError) -> Double {
        try await present().cosine(of: probe, to: person)
    }

    func sealed(_ crops: [[UInt8]?]) -> [[UInt8]?] { (try? ready())?.sealed(crops) ?? crops }
}

extension DeferredFaceService: LivenessService {
    var tellsLiveness: Bool { (try? ready())?.tellsLiveness ?? false }

    func liveness(of face: DetectedFace, in picture: [UInt8]) async throws(RecognitionError) -> Double? {
        try await ready().liveness(of: face, in: picture)
    }
}
