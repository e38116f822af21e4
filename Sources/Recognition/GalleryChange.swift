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
    /// Faces that came.
    var added: [(id: UUID, embedding: Embedding)] = []
    /// Faces that went.
    var removed: [UUID] = []

    init(gallery: UUID, subject: UUID) {
        self.gallery = gallery
        self.subject = subject
    }

    /// A change after which the person has new faces in the place of others.
    init(_ stored: StoredPerson, adding faces: [FaceRecord]) {
        gallery = stored.person.galleryID
        subject = stored.person.id
        added = faces.map { ($0.id, $0.embedding) }
        removed = stored.removedFaces
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
        recordGallerySize()
    }
}
