import FaceModel
import Foundation
import Recognition

extension DeferredFaceService: RecognitionControl {
    func add(_ camera: Camera) async throws(RecognitionError) -> Bool { try await ready().add(camera) }

    func renameCamera(_ id: String, to name: String) async throws(RecognitionError) {
        try await ready().renameCamera(id, to: name)
    }

    func removeCamera(_ id: String) async throws(RecognitionError) { try await ready().removeCamera(id) }

    func record(
        _ frame: [UInt8], camera: String, at time: Date?, in gallery: UUID
    ) async throws(RecognitionError) -> [RecordedFace] {
        try await ready().record(frame, camera: camera, at: time, in: gallery)
    }

    var settings: RecognitionSettings { (try? ready())?.settings ?? RecognitionSettings() }

    func change(
        _ changes: [(name: String, value: RecognitionSettings.Value)]
    ) async throws(RecognitionError) -> RecognitionSettings {
        try await ready().change(changes)
    }

    func sweep() async throws(RecognitionError) -> Sweep { try await ready().sweep() }

    func reset() async throws(RecognitionError) { try await ready().reset() }

    func clearLog() async throws(RecognitionError) { try await ready().clearLog() }

    func takeSnapshot(_ name: SnapshotName) async throws(RecognitionError) { try await ready().takeSnapshot(name) }

    func restoreSnapshot(_ name: SnapshotName) async throws(RecognitionError) -> Bool {
        try await ready().restoreSnapshot(name)
    }

    func removeSnapshot(_ name: SnapshotName) async throws(RecognitionError) -> Bool {
        try await ready().removeSnapshot(name)
    }

    func snapshots() async throws(RecognitionError) -> [String] { try await ready().snapshots() }
}
