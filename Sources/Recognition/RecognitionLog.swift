public import FaceModel
public import Foundation

/// What can be asked of the recognition log, and the cameras that fill it.
public protocol RecognitionLog: Sendable {
    /// One page of passes, newest first, handed over in batches.
    ///
    /// - Parameters:
    ///   - offset: how many passes to skip, 0 or more.
    ///   - limit: how many passes the page holds at most, 1 or more.
    ///   - receive: gets the passes in order, some at a time, and says whether it wants more; after an error the page
    ///     is incomplete.
    /// - Returns: how many passes match on all pages.
    func passes(
        matching filter: PassFilter, offset: Int, limit: Int, receive: @escaping @Sendable ([Pass]) -> Bool
    ) async throws(RecognitionError) -> Int

    /// The passes whose face is like the largest one of a photo, most alike first.
    ///
    /// - Throws: ``RecognitionError/noFace`` and what else analysis says about the photo.
    func passes(
        like photo: [UInt8], matching filter: PassFilter, minimumSimilarity: Double
    ) async throws(RecognitionError) -> [SimilarPass]

    /// The different faces of a period, newest first.
    ///
    /// - Parameter threshold: the similarity from which two passes count as the same face.
    func visitors(matching filter: PassFilter, threshold: Double) async throws(RecognitionError) -> [Visitor]

    /// How many passes there were by period, age and gender.
    func demographics(
        matching filter: PassFilter, per period: Demographics.Period, in zone: TimeZone
    ) async throws(RecognitionError) -> [Demographics]

    /// The newest events of a period, newest first.
    func events(_ limit: Int, from: Date?, to: Date?, name: String?, camera: String?) async throws(RecognitionError)
        -> [PlatformEvent]

    /// The events from now on; the sequence ends when its reader falls too far behind.
    func liveEvents() -> AsyncStream<PlatformEvent>

    /// The known cameras in the order in which they were added.
    func cameras() async throws(RecognitionError) -> [Camera]
}

/// What can be done to a server beside the dialects: feed it, set it, put it back.
public protocol RecognitionControl: Sendable {
    /// Adds a camera.
    ///
    /// - Returns: whether it is new.
    func add(_ camera: Camera) async throws(RecognitionError) -> Bool

    /// Gives a camera another name; its earlier passes keep the old one.
    ///
    /// - Throws: ``RecognitionError/unknownCamera``.
    func renameCamera(_ id: String, to name: String) async throws(RecognitionError)

    /// Forgets a camera; its passes stay.
    ///
    /// - Throws: ``RecognitionError/unknownCamera``.
    func removeCamera(_ id: String) async throws(RecognitionError)

    /// Recognises the faces of a camera's frame and writes them to the log.
    ///
    /// When the call returns rows, pictures, counters and events are durable.
    ///
    /// - Parameter time: when the frame was taken; `nil`: now.
    /// - Returns: a result per face, largest first; empty when the frame shows none.
    /// - Throws: ``RecognitionError/unknownCamera`` and what analysis says about the frame.
    func record(
        _ frame: [UInt8], camera: String, at time: Date?, in gallery: UUID
    ) async throws(RecognitionError) -> [RecordedFace]

    /// The rules in force.
    var settings: RecognitionSettings { get }

    /// Changes some rules, for good.
    ///
    /// - Parameter changes: settings with values that ``FaceModel/RecognitionSettings/set(_:to:)`` takes; others are
    ///   passed over.
    /// - Returns: the rules in force now.
    func change(
        _ changes: [(name: String, value: RecognitionSettings.Value)]
    ) async throws(RecognitionError) -> RecognitionSettings

    /// Deletes what is older than the rules allow; the server does this by itself every hour.
    @discardableResult
    func sweep() async throws(RecognitionError) -> Sweep

    /// Deletes every person, pass, event and camera and goes back to the first settings.
    func reset() async throws(RecognitionError)

    /// Deletes every pass, event and camera; persons and settings stay.
    func clearLog() async throws(RecognitionError)

    /// Keeps a copy of everything that ``reset()`` would delete.
    func takeSnapshot(_ name: SnapshotName) async throws(RecognitionError)

    /// Puts a copy in the place of everything.
    ///
    /// - Returns: whether there is such a copy.
    func restoreSnapshot(_ name: SnapshotName) async throws(RecognitionError) -> Bool

    /// Forgets a copy.
    ///
    /// - Returns: whether there was one.
    func removeSnapshot(_ name: SnapshotName) async throws(RecognitionError) -> Bool

    /// The names of all copies.
    func snapshots() async throws(RecognitionError) -> [String]
}
