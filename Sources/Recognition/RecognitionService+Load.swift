import FaceAnalysis
import FaceModel
import FaceStore
import Foundation
import Gallery
import Logging
public import Postgres
public import ServiceLifecycle
import Synchronization

extension RecognitionService: Service {
    /// Loads the galleries, then keeps them equal to the database until the service group shuts down.
    ///
    /// While the database cannot be reached at the start the load is tried again; the service is not ready so long.
    public func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled, !isReady {
                do throws(PostgresError) {
                    try await load()
                } catch {
                    logger.error("the galleries cannot be loaded yet", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: .seconds(1))
                }
            }
            var nextSweep = ContinuousClock.now
            while !Task.isCancelled {
                if ContinuousClock.now >= nextSweep {
                    nextSweep = .now + Self.sweepInterval
                    // A database that is away now is there an hour later.
                    _ = try? await sweep()
                }
                try? await Task.sleep(for: .milliseconds(500))
                if rereads.withLock({ $0.contains { $0 <= .now } }) { await settleDoubts() }
            }
        }
        // What is asked while the server drains is still answered; the searches end with the process.
        try? await gracefulShutdown()
    }

    /// Reads all faces from the database, embeds those anew that another model made, and becomes ready.
    public func load() async throws(PostgresError) {
        let start = ContinuousClock.now
        let manifest = analyzer.manifest
        try await loadSettings()
        try await loadCropSeal()
        let current = try await store.models.register(manifest.fingerprint, name: manifest.name)
        try await embedAnew(madeByOthersThan: current)
        let count = try await fillGalleries(model: current)
        model.withLock { $0 = current }
        logger.info(
            "the galleries are loaded",
            metadata: ["face.count": "\(count)", "duration": "\(ContinuousClock.now - start)"])
    }

    /// Reads galleries and settings again; the model is numbered anew where the database forgot it.
    func readEverything() async throws(PostgresError) {
        let manifest = analyzer.manifest
        let current = try await store.models.register(manifest.fingerprint, name: manifest.name)
        _ = try await fillGalleries(model: current)
        model.withLock { $0 = current }
        try await loadSettings()
        try await loadCropSeal()
    }

    /// How often what is too old is deleted.
    private static let sweepInterval = Duration.seconds(3600)

    /// One pass over the stored faces into fresh galleries, which then take the place of the old ones.
    func fillGalleries(model current: ModelID) async throws(PostgresError) -> Int {
        let dimension = analyzer.manifest.dimension
        let fresh = Mutex(GalleryDirectory.Content(memberships: try await store.collections.memberships()))
        let skipped = Mutex(0)
        let count = try await store.faces.stream { key, bytes throws(PostgresError) in
            guard key.model == current, bytes.byteCount == dimension * MemoryLayout<Float>.stride else {
                return skipped.withLock { $0 += 1 }
            }
            let values = (0..<dimension).map { index in
                Float(
                    bitPattern: UInt32(
                        littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
            }
            guard let embedding = Embedding(stored: values) else { return skipped.withLock { $0 += 1 } }
            fresh.withLock { content in
                for gallery in content.galleries(of: key.person, in: key.gallery, dimension: dimension) {
                    gallery.insert(face: key.face, subject: key.person, embedding: embedding)
                }
            }
        }
        let left = skipped.withLock { $0 }
        if left > 0 {
            logger.warning("faces of another model are not searched", metadata: ["face.count": "\(left)"])
        }
        let counts = try await store.persons.counts()
        galleries.replace(with: fresh.withLock { $0 }, personCounts: counts)
        tracker.removeAll()
        recordGallerySize()
        return count - left
    }

    /// Embeds faces of another model anew from their stored photos.
    private func embedAnew(madeByOthersThan current: ModelID) async throws(PostgresError) {
        let faces = try await store.faces.madeByOthers(than: current)
        guard !faces.isEmpty else { return }
        logger.notice("faces of another model are embedded anew", metadata: ["face.count": "\(faces.count)"])
        for (number, key) in faces.enumerated() {
            guard let photo = try await store.images.find(face: key.face) else { continue }
            guard let face = try? await analyzer.analyze(photo.bytes).faces.first else {
                logger.warning("no face in a stored photo", metadata: ["face.id": "\(key.face)"])
                continue
            }
            _ = try await store.faces.replaceEmbedding(of: key.face, with: face.embedding, model: current)
            if (number + 1).isMultiple(of: 1000) {
                logger.notice("embedded anew", metadata: ["face.count": "\(number + 1)"])
            }
        }
    }

    /// After a COMMIT that ended without an answer nobody knows what the database holds: everything is read again
    /// while no change runs.
    private func settleDoubts() async {
        guard isReady else { return }
        await gate.withAccess(to: .everyone) {
            let due = ContinuousClock.now
            do throws(PostgresError) {
                try await readEverything()
                rereads.withLock { $0.removeAll { $0 <= due } }
                logger.notice("the galleries were read again after a commit without an answer")
            } catch {
                logger.warning("the galleries cannot be read again yet", metadata: ["error": "\(error)"])
            }
        }
    }
}
