import FaceModel
import FaceStore
import Foundation
import Gallery

/// What a commit means for the galleries in memory.
struct GalleryChange: Sendable {
    /// The gallery of the faces.
    var gallery: UUID
    /// Whose faces they are.
    var subject: UUID
    /// 1 when the person came, -1 when it went, 0 when only faces changed.
    var personDelta = 0
    /// Faces that came.
    var added: [(id: UUID, embedding: Embedding)] = []
    /// Faces that went.
    var removed: [UUID] = []
    /// The collections that the person is in from now on; `nil`: as before.
    var collections: Set<UUID>?
    /// All faces that the person has now; needed only along with `collections`.
    var present: [(id: UUID, embedding: Embedding)] = []

    init(gallery: UUID, subject: UUID, personDelta: Int = 0) {
        self.gallery = gallery
        self.subject = subject
        self.personDelta = personDelta
    }

    /// A change after which the person has new faces in the place of others.
    init(_ stored: StoredPerson, adding faces: [FaceRecord]) {
        gallery = stored.person.galleryID
        subject = stored.person.id
        added = faces.map { ($0.id, $0.embedding) }
        removed = stored.removedFaces
        personDelta = stored.isNew ? 1 : 0
    }
}

extension RecognitionService {
    /// Brings the galleries in memory to where the database is, the collections that the person is in among them.
    func follow(_ change: GalleryChange) async {
        await searchQueue.change { [galleries] in galleries.apply(change) }
        galleries.addPersons(change.personDelta, to: change.gallery)
        recordGallerySize()
    }

    /// Takes persons that are gone from the galleries in memory, and from every collection that they were in.
    func follow(_ removed: RemovedPersons, from gallery: UUID) async {
        await searchQueue.change { [galleries] in
            galleries.remove(persons: removed.persons, faces: removed.faces, from: gallery)
        }
        galleries.addPersons(-removed.persons.count, to: gallery)
        recordGallerySize()
    }

    /// Lets persons into a collection in memory, and others out of it.
    func follow(_ change: ChangedMembers, of collection: UUID) async {
        await searchQueue.change { [galleries] in galleries.apply(change, of: collection) }
    }
}
