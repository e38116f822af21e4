import FaceModel
import Foundation
import Synchronization

/// The faces that are in view of each camera, so that the frames of one pass become one row of the log.
final class PassTracker: Sendable {
    /// A face in view.
    struct Track: Sendable {
        var pass: Pass
        /// The embedding of the last frame: a head turns, and the last frame is nearest to the next.
        var lastEmbedding: Embedding
        var lastSeenAt: Date
        /// Who was counted for this pass already.
        var countedPersons: Set<UUID> = []
        var wasReportedUnknown = false
    }

    private let tracks = Mutex<[String: [Track]]>([:])

    /// The faces of a camera that were seen at most so long before or after a moment.
    func tracks(of camera: String, at time: Date, lostAge: TimeInterval) -> [Track] {
        tracks.withLock { $0[camera] ?? [] }.filter { abs($0.lastSeenAt.timeIntervalSince(time)) <= lostAge }
    }

    func setTracks(_ fresh: [Track], of camera: String) {
        tracks.withLock { $0[camera] = fresh.isEmpty ? nil : fresh }
    }

    /// Forgets who is in view of a camera, case of ASCII letters aside.
    func forget(camera: String) {
        tracks.withLock { tracks in
            for key in tracks.keys where key.lowercased() == camera.lowercased() { tracks[key] = nil }
        }
    }

    func removeAll() { tracks.withLock { $0 = [:] } }
}

extension [PassTracker.Track] {
    /// The index of the track that a face continues: the most similar one that reaches the level and is not taken.
    func index(
        continuedBy embedding: Embedding, except taken: Set<Int>, isSame: (Double) -> Bool
    ) -> Int? {
        indices.filter { !taken.contains($0) }
            .map { (index: $0, cosine: self[$0].lastEmbedding.cosine(to: embedding)) }
            .filter { isSame($0.cosine) }
            .max { $0.cosine < $1.cosine }?.index
    }
}
