import FaceModel
import Foundation
import Recognition

/// A service in which every use case fails in the same way: for failures that the real one cannot be made to show.
struct FailingService: FaceService {
    var isReady = true
    let error: RecognitionError

    func enrol(_ draft: PersonDraft, face: EnrolmentFace, in gallery: UUID) async throws(RecognitionError) -> Person {
        throw error
    }

    func update(
        _ key: PersonKey, in gallery: UUID, changes: PersonChanges
    ) async throws(RecognitionError) -> Person { throw error }

    func persons(
        in gallery: UUID, matching filter: PersonFilter, offset: Int, limit: Int
    ) async throws(RecognitionError) -> PersonPage { throw error }

    func remove(_ keys: [PersonKey], from gallery: UUID) async throws(RecognitionError) -> [PersonKey] { throw error }

    func removeAll(from gallery: UUID) async throws(RecognitionError) { throw error }

    func identify(
        _ probe: Probe, in gallery: UUID, limit: Int, counting: Bool
    ) async throws(RecognitionError) -> Identification { throw error }

    func image(_ id: UUID, in gallery: UUID) async throws(RecognitionError) -> StoredImage? { throw error }
}
