public import FaceModel
public import Foundation

/// The use cases that every dialect calls.
///
/// A protocol so that a dialect's own tests can ask for failures that the real service cannot be made to show;
/// everything else is tested against ``RecognitionService``.
public protocol FaceService: Sendable {
    /// Whether the gallery is loaded; before that every use case throws ``RecognitionError/notReady``.
    var isReady: Bool { get }

    /// Whether bytes have the form of a template of this server's model; no picture has.
    func isTemplate(_ bytes: [UInt8]) -> Bool

    /// Adds a person, or replaces the one with the same key: texts and photo become new, counters stay.
    ///
    /// When the call returns the person is durable and is found by the next search.
    func enrol(_ draft: PersonDraft, face: EnrolmentFace, in gallery: UUID) async throws(RecognitionError) -> Person

    /// Changes texts of a person; photo, time stamp and counters stay.
    func update(
        _ key: PersonKey, in gallery: UUID, changes: PersonChanges
    ) async throws(RecognitionError) -> Person

    /// One page of the persons of a gallery, newest first.
    ///
    /// - Parameters:
    ///   - offset: how many persons to skip, 0 or more.
    ///   - limit: how many persons the page holds at most, 1 or more.
    func persons(
        in gallery: UUID, matching filter: PersonFilter, offset: Int, limit: Int
    ) async throws(RecognitionError) -> PersonPage

    /// Deletes persons with their photos.
    ///
    /// - Returns: the keys that no person has; the others are deleted.
    func remove(_ keys: [PersonKey], from gallery: UUID) async throws(RecognitionError) -> [PersonKey]

    /// Deletes everyone of a gallery.
    func removeAll(from gallery: UUID) async throws(RecognitionError)

    /// Finds the faces of a probe and the persons most alike.
    ///
    /// - Parameters:
    ///   - limit: how many persons per face, 1 or more; not more than 50,000 over all faces.
    ///   - counting: whether a hit at or above the similarity level counts as a recognition of the best person
    ///     of each face; the answer shows the new counters.
    func identify(
        _ probe: Probe, in gallery: UUID, limit: Int, counting: Bool
    ) async throws(RecognitionError) -> Identification

    /// A stored picture of a gallery or of the recognition log, by its own id or by the id of the person whose reference
    /// photo it is; a plain grey one stands for a face of which no picture is kept.
    ///
    /// Pictures of other galleries, and those that were only searched, are not found.
    func image(_ id: UUID, in gallery: UUID) async throws(RecognitionError) -> StoredImage?
}
