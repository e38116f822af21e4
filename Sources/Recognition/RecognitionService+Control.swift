public import FaceModel
import FaceStore
import Foundation
import Logging
import Postgres

extension RecognitionService: RecognitionControl {
    /// See ``RecognitionControl/add(_:)``.
    public func add(_ camera: Camera) async throws(RecognitionError) -> Bool {
        _ = try requireReady()
        return try await storing { () throws(PostgresError) in try await store.cameras.add(camera, at: now()) }
    }

    /// See ``RecognitionControl/renameCamera(_:to:)``.
    public func renameCamera(_ id: String, to name: String) async throws(RecognitionError) {
        _ = try requireReady()
        let isKnown = try await storing { () throws(PostgresError) in try await store.cameras.rename(id, to: name) }
        guard isKnown else { throw .unknownCamera }
    }

    /// See ``RecognitionControl/removeCamera(_:)``.
    public func removeCamera(_ id: String) async throws(RecognitionError) {
        _ = try requireReady()
        let isKnown = try await storing { () throws(PostgresError) in try await store.cameras.remove(id) }
        guard isKnown else { throw .unknownCamera }
        tracker.forget(camera: id)
    }

    /// See ``RecognitionControl/sweep()``.
    @discardableResult
    public func sweep() async throws(RecognitionError) -> Sweep {
        _ = try requireReady()
        let settings = settings
        var sweep = Sweep()
        let oldest = now().addingTimeInterval(-86_400 * Double(settings.retentionDays))
        while true {
            let count = try await storing { () throws(PostgresError) in
                try await store.passes.removeOlder(than: oldest, limit: 500)
            }
            sweep.passes += count
            guard count > 0 else { break }
        }
        while true {
            let count = try await storing { () throws(PostgresError) in
                try await store.events.removeOlder(than: oldest, limit: 5000)
            }
            sweep.events += count
            guard count > 0 else { break }
        }
        while true {
            let count = try await storing { () throws(PostgresError) in
                try await store.actions.removeOlder(than: oldest, limit: 500)
            }
            sweep.actions += count
            guard count > 0 else { break }
        }
        if settings.unrecognisedRetentionDays > 0 {
            sweep.persons = try await removeStrangers(
                addedBefore: now().addingTimeInterval(-86_400 * Double(settings.unrecognisedRetentionDays)))
        }
        if sweep != Sweep() {
            logger.info(
                "old entries were deleted",
                metadata: [
                    "pass.count": "\(sweep.passes)", "event.count": "\(sweep.events)",
                    "person.count": "\(sweep.persons)", "action.count": "\(sweep.actions)",
                ])
        }
        return sweep
    }

    private func removeStrangers(addedBefore moment: Date) async throws(RecognitionError) -> Int {
        var count = 0
        while true {
            let persons = try await storing { () throws(PostgresError) in
                try await store.persons.autoCreated(before: moment, limit: 500)
            }
            guard !persons.isEmpty else { return count }
            for (gallery, members) in Dictionary(grouping: persons, by: \.galleryID) {
                _ = try await remove(members.map { .id($0.id) }, from: gallery)
            }
            count += persons.count
        }
    }

    /// See ``RecognitionControl/reset()``.
    public func reset() async throws(RecognitionError) {
        try await replacingEverything { [store] () throws(PostgresError) in
            try await store.snapshots.reset()
            return true
        }
    }

    /// See ``RecognitionControl/clearLog()``.
    public func clearLog() async throws(RecognitionError) {
        _ = try requireReady()
        try await shielded { [self] () async throws(RecognitionError) in
            try await cameraGate.withAccess(to: .everyone) { () async throws(RecognitionError) in
                try await storing { () throws(PostgresError) in try await store.snapshots.clearLog() }
                tracker.removeAll()
            }
        }
    }

    /// See ``RecognitionControl/takeSnapshot(_:)``.
    public func takeSnapshot(_ name: SnapshotName) async throws(RecognitionError) {
        _ = try requireReady()
        try await shielded { [self] () async throws(RecognitionError) in
            try await cameraGate.withAccess(to: .everyone) { () async throws(RecognitionError) in
                try await gate.withAccess(to: .everyone) { () async throws(RecognitionError) in
                    try await storing { () throws(PostgresError) in try await store.snapshots.take(name) }
                }
            }
        }
    }

    /// See ``RecognitionControl/restoreSnapshot(_:)``.
    public func restoreSnapshot(_ name: SnapshotName) async throws(RecognitionError) -> Bool {
        try await replacingEverything { [store] () throws(PostgresError) in
            try await store.snapshots.restore(name)
        }
    }

    /// See ``RecognitionControl/removeSnapshot(_:)``.
    public func removeSnapshot(_ name: SnapshotName) async throws(RecognitionError) -> Bool {
        _ = try requireReady()
        return try await shielded { [self] () async throws(RecognitionError) in
            // Whoever makes or puts back a copy holds everything, too.
            try await gate.withAccess(to: .everyone) { () async throws(RecognitionError) in
                try await storing { () throws(PostgresError) in try await store.snapshots.remove(name) }
            }
        }
    }

    /// See ``RecognitionControl/snapshots()``.
    public func snapshots() async throws(RecognitionError) -> [String] {
        _ = try requireReady()
        return try await storing { () throws(PostgresError) in try await store.snapshots.names() }
    }

    /// Runs a change of the whole database while no other change runs, and reads everything again after it.
    ///
    /// - Parameter change: tells whether anything was changed.
    @discardableResult
    private func replacingEverything(
        _ change: @escaping @Sendable () async throws(PostgresError) -> Bool
    ) async throws(RecognitionError) -> Bool {
        _ = try requireReady()
        return try await shielded { [self] () async throws(RecognitionError) in
            try await cameraGate.withAccess(to: .everyone) { () async throws(RecognitionError) in
                try await gate.withAccess(to: .everyone) { () async throws(RecognitionError) in
                    try await changing { () throws(PostgresError) in
                        guard try await change() else { return false }
                        do throws(PostgresError) {
                            try await readEverything()
                        } catch {
                            // The change is done; what is in memory follows as soon as the database lets it.
                            logger.warning("the galleries cannot be read again yet", metadata: ["error": "\(error)"])
                            doubtGalleries()
                        }
                        return true
                    }
                }
            }
        }
    }
}
