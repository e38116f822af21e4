import FaceAnalysis
public import FaceModel
import FaceStore
public import Foundation
import Postgres
import Synchronization

extension RecognitionService: RecognitionLog {
    /// See ``RecognitionLog/passes(matching:offset:limit:receive:)``.
    public func passes(
        matching filter: PassFilter, offset: Int, limit: Int, receive: @escaping @Sendable ([Pass]) -> Bool
    ) async throws(RecognitionError) -> Int {
        _ = try requireReady()
        return try await storing { () throws(PostgresError) in
            try await store.passes.read(filter, offset: offset, limit: limit, receive: receive)
        }
    }

    /// How many passes a search for a face may find.
    private static let mostSimilarPasses = 100_000

    /// See ``RecognitionLog/passes(like:matching:minimumSimilarity:)``.
    ///
    /// Every pass of the period is compared, on a thread of the pool, while the rows arrive.
    public func passes(
        like photo: [UInt8], matching filter: PassFilter, minimumSimilarity: Double
    ) async throws(RecognitionError) -> [SimilarPass] {
        _ = try requireReady()
        let faces = try await detected(in: photo).faces
        guard let probe = faces.first?.embedding else { throw .noFace }
        let manifest = analyzer.manifest
        let found = Mutex<[SimilarPass]>([])
        let most = Self.mostSimilarPasses
        _ = try await scanning { () throws(PostgresError) in
            try await store.passes.read(filter, includesHits: false) { batch in
                let similar = batch.compactMap { pass -> SimilarPass? in
                    // Embeddings of different models cannot be compared.
                    guard pass.model == manifest.fingerprint else { return nil }
                    let similarity = manifest.similarityScale.similarity(cosine: probe.cosine(to: pass.embedding))
                    return similarity >= minimumSimilarity ? SimilarPass(pass, similarity: similarity) : nil
                }
                return found.withLock { found in
                    found += similar
                    return found.count <= most
                }
            }
        }
        guard found.withLock({ $0.count }) <= most else { throw .tooMuch }
        return found.withLock { found in
            // Equal ones keep the order of the log, newest first.
            found.enumerated().sorted {
                $0.element.similarity != $1.element.similarity
                    ? $0.element.similarity > $1.element.similarity : $0.offset < $1.offset
            }.map(\.element)
        }
    }

    /// See ``RecognitionLog/visitors(matching:threshold:)``.
    public func visitors(
        matching filter: PassFilter, threshold: Double
    ) async throws(RecognitionError) -> [Visitor] {
        _ = try requireReady()
        let manifest = analyzer.manifest
        let grouping = Mutex(
            VisitorGrouping(dimension: manifest.dimension) {
                manifest.similarityScale.similarity(cosine: $0) >= threshold
            })
        _ = try await scanning { () throws(PostgresError) in
            try await store.passes.read(filter, order: .oldestFirst) { batch in
                grouping.withLock { grouping in
                    for pass in batch where pass.model == manifest.fingerprint { grouping.add(pass) }
                }
                return true
            }
        }
        let groups = grouping.withLock { $0.groups }
        let persons = try await persons(Set(groups.compactMap { $0.bestHit?.personID }))
        return groups.map { group in
            Visitor(
                main: group.main, likes: group.likes.map(\.pass), passCount: group.passCount,
                best: group.bestHit.map { hit in
                    Candidate(person: persons[hit.personID] ?? Person(asOf: hit), similarity: hit.similarity)
                })
        }.reversed()
    }

    /// Looks at every pass of a period. Few such scans run at a time: each keeps a connection and a core busy for
    /// seconds, and the others are for everybody else.
    private func scanning<R: Sendable>(
        _ body: () async throws(PostgresError) -> R
    ) async throws(RecognitionError) -> R {
        try await scans.withAccess(to: .some([scanTurn.wrappingAdd(1, ordering: .relaxed).newValue % 2])) {
            () async throws(RecognitionError) in
            try await storing(body)
        }
    }

    /// See ``RecognitionLog/demographics(matching:per:in:)``.
    public func demographics(
        matching filter: PassFilter, per period: Demographics.Period, in zone: TimeZone
    ) async throws(RecognitionError) -> [Demographics] {
        _ = try requireReady()
        return try await storing { () throws(PostgresError) in
            try await store.passes.demographics(filter, per: period, in: zone)
        }
    }

    /// See ``RecognitionLog/events(_:from:to:name:camera:)``.
    public func events(
        _ limit: Int, from: Date?, to: Date?, name: String?, camera: String?
    ) async throws(RecognitionError) -> [PlatformEvent] {
        _ = try requireReady()
        return try await storing { () throws(PostgresError) in
            try await store.events.newest(limit, from: from, to: to, name: name, camera: camera)
        }
    }

    /// See ``RecognitionLog/liveEvents()``.
    public func liveEvents() -> AsyncStream<PlatformEvent> { hub.listen() }

    /// See ``RecognitionLog/cameras()``.
    public func cameras() async throws(RecognitionError) -> [Camera] {
        _ = try requireReady()
        return try await storing { () throws(PostgresError) in try await store.cameras.all() }
    }
}

extension Person {
    /// A person who is gone, as a pass remembers.
    fileprivate init(asOf hit: PassHit) {
        self.init(
            id: hit.personID, externalID: hit.externalID, galleryID: .sharedGallery, texts: hit.texts,
            autoCreated: false, createdAt: hit.addedAt, imageID: hit.imageID, platformUserID: hit.platformUserID,
            recognitionCount: 0, lastRecognitionAt: nil)
    }
}
