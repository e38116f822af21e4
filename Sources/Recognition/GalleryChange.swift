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
    /// Brings the galleries in memory to where the database is.
    func follow(_ change: GalleryChange) async {
        let memory = galleries[change.gallery]
        await searchQueue.change {
            for face in change.added {
                memory.insert(face: face.id, subject: change.subject, embedding: face.embedding)
            }
            memory.remove(faces: change.removed)
        }
        galleries.addPersons(change.personDelta, to: change.gallery)
        recordGallerySize()
    }
}
