import FaceModel
import Foundation
import Recognition
import Synchronization

/// Stands in for the use cases until they are there: the port opens at once, and every call says "not ready" so long.
final class DeferredFaceService: FaceService {
    private let service = Mutex<RecognitionService?>(nil)

    /// Passes every later call on to `service`.
    func becomeReady(with service: RecognitionService) { self.service.withLock { $0 = service } }

    var isReady: Bool { service.withLock { $0 }?.isReady ?? false }

    func ready() throws(RecognitionError) -> RecognitionService {
        guard let service = service.withLock({ $0 }) else { throw .notReady }
        return service
    }

    func isTemplate(_ bytes: [UInt8]) -> Bool { (try? ready())?.isTemplate(bytes) ?? false }

    func enrol(_ draft: PersonDraft, face: EnrolmentFace, in gallery: UUID) async throws(RecognitionError) -> Person {
        try await ready().enrol(draft, face: face, in: gallery)
    }

    func update(
        _ key: PersonKey, in gallery: UUID, changes: PersonChanges
    ) async throws(RecognitionError) -> Person {
        try await ready().update(key, in: gallery, changes: changes)
    }

    func persons(
        in gallery: UUID, matching filter: PersonFilter, offset: Int, limit: Int
    ) async throws(RecognitionError) -> PersonPage {
        try await ready().persons(in: gallery, matching: filter, offset: offset, limit: limit)
    }

    func remove(_ keys: [PersonKey], from gallery: UUID) async throws(RecognitionError) -> [PersonKey] {
        try await ready().remove(keys, from: gallery)
    }

    func removeAll(from gallery: UUID) async throws(RecognitionError) {
        try await ready().removeAll(from: gallery)
    }

    func identify(
        _ probe: Probe, in gallery: UUID, limit: Int, counting: Bool
    ) async throws(RecognitionError) -> Identification {
        try await ready().identify(probe, in: gallery, limit: limit, counting: counting)
    }

    func image(_ id: UUID, in gallery: UUID) async throws(RecognitionError) -> StoredImage? {
        try await ready().image(id, in: gallery)
    }
}
