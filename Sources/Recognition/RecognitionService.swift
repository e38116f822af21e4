public import FaceAnalysis
public import FaceModel
import FaceStore
import Foundation
import Gallery
public import Logging
import Metrics
public import Postgres
import Synchronization

/// The use cases over the real parts: pictures are analysed, persons are stored in PostgreSQL, embeddings are searched
/// in memory.
///
/// This is the one place that keeps the galleries in memory equal to the database. A change commits first, reaches
/// the gallery second, and is answered third; so what was acknowledged survives any crash, and a search that starts
/// after the answer sees the change.
public final class RecognitionService: FaceService {
    /// The rules that can be set.
    public struct Configuration: Sendable {
        /// The rules in force until somebody changes them.
        public var settings = RecognitionSettings()
        /// The largest number of persons of a gallery; `nil`: no limit.
        public var maxPersons: Int?
        /// How many threads search.
        public var searchThreads = 1
        /// What time it is.
        public var clock = ServerClock()
        /// Where new ids come from.
        public var ids = IDSource()
        /// Who says what pictures show, in place of the networks; `nil`: nobody.
        public var interpreter: (any PictureInterpreter)?
        /// What tells living faces from pictures of faces; `nil`: nothing does.
        public var liveness: LivenessClassifier?

        /// The product's rules.
        public init() {}
    }

    let configuration: Configuration
    let analyzer: FaceAnalyzer
    let store: Repositories
    let galleries: GalleryDirectory
    let searchQueue: SearchQueue
    let gate = WriteGate<PersonKey>()
    /// Frames of one camera one after the other, by the camera's id.
    let cameraGate = WriteGate<String>()
    /// Enrolments into a list one after the other, by the list's gallery: each compares with those before it.
    let listGate = WriteGate<UUID>()
    /// Two lanes for scans of the whole log.
    let scans = WriteGate<Int>()
    let scanTurn = Atomic(0)
    let tracker = PassTracker()
    let hub = EventHub()
    /// The rules in force.
    let currentSettings: Mutex<RecognitionSettings>
    let logger: Logger
    /// The number of this server's model in the database; set when the galleries are loaded.
    let model = Mutex<ModelID?>(nil)
    /// Tells crops of ours from others.
    let cropSeal = Mutex(CropSeal())
    /// When the galleries are to be read again, because a COMMIT ended without an answer.
    let rereads = Mutex<[ContinuousClock.Instant]>([])
    /// PostgreSQL may carry out a COMMIT whose connection broke for as long as it works on a statement (20 s).
    private static let latestCommit = Duration.seconds(25)

    private let recognitions: GroupCommit<[RecognitionTally], [UUID: RecognitionCount], PostgresError>
    private let galleryFaces = Gauge(label: "firserver_gallery_faces")
    private let searchTimer = Metrics.Timer(label: "firserver_search_duration")
    private let storeTimer = Metrics.Timer(label: "firserver_store_duration")

    /// The use cases over these parts; ``load()`` must come before the first call.
    public init(
        analyzer: FaceAnalyzer, pool: PostgresPool, configuration: Configuration = Configuration(),
        logger: Logger = Logger(label: "recognition")
    ) {
        self.configuration = configuration
        currentSettings = Mutex(configuration.settings)
        self.analyzer = analyzer
        store = Repositories(pool)
        self.logger = logger
        galleries = GalleryDirectory(dimension: analyzer.manifest.dimension)
        searchQueue = SearchQueue(threads: configuration.searchThreads)
        recognitions = GroupCommit { [counters = store.recognitions] groups in
            do throws(PostgresError) {
                return .success(try await counters.add(groups.flatMap(\.self)))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Whether the galleries are loaded.
    public var isReady: Bool { model.withLock { $0 != nil } }

    /// Ends the search threads after the searches that wait.
    public func stop() { searchQueue.stop() }

    /// The model's number in the database.
    func requireReady() throws(RecognitionError) -> ModelID {
        guard let model = model.withLock({ $0 }) else { throw .notReady }
        return model
    }

    func recordGallerySize() { galleryFaces.record(galleries.faceCount) }

    /// Whole milliseconds, as clients see and send them.
    func now() -> Date { Self.wholeMilliseconds(configuration.clock.now()) }

    static func wholeMilliseconds(_ date: Date) -> Date {
        Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1000).rounded(.down) / 1000)
    }

    /// What a change of these persons touches: a person is known by the id and perhaps by an id of the client's.
    func scope(of keys: [PersonKey], in gallery: UUID) async throws(RecognitionError) -> WriteGate<PersonKey>.Scope {
        let externalIDs = keys.compactMap { key in
            if case .external(let text) = key { text } else { nil }
        }
        let ids = try await storing { () throws(PostgresError) in
            try await store.persons.ids(ofExternal: externalIDs, in: gallery)
        }
        return .some(Set(keys + ids.map(PersonKey.id)))
    }

    /// Has the galleries read again: now, and when the last commit that is still under way must have ended.
    package func doubtGalleries() { rereads.withLock { $0 += [.now, .now + Self.latestCommit] } }

    /// Calls the database for a change that the galleries follow.
    func changing<R: Sendable>(
        _ body: () async throws(PostgresError) -> R
    ) async throws(RecognitionError) -> R {
        try await storing { () throws(PostgresError) in
            do throws(PostgresError) {
                return try await body()
            } catch {
                if error.mayHaveCommitted { doubtGalleries() }
                throw error
            }
        }
    }

    /// Calls the database and says what its failure means.
    func storing<R: Sendable>(
        _ body: () async throws(PostgresError) -> R
    ) async throws(RecognitionError) -> R {
        let start = ContinuousClock.now
        defer { storeTimer.record(duration: ContinuousClock.now - start) }
        do throws(PostgresError) {
            return try await body()
        } catch {
            logger.databaseFailed(error)
            throw RecognitionError(error)
        }
    }

    /// Analyses a picture and says what its failure means.
    func analyzing<R: Sendable>(
        _ body: () async throws(FaceAnalysisError) -> R
    ) async throws(RecognitionError) -> R {
        do throws(FaceAnalysisError) {
            return try await body()
        } catch {
            switch error {
            case .image(let reason): throw .unreadableImage("\(reason)")
            case .tooLarge: throw .unreadableImage("\(error)")
            case .overloaded, .cancelled: throw .overloaded
            case .late: throw .late
            case .network, .modelsUnusable:
                logger.critical("a network failed", metadata: ["error": "\(error)"])
                throw .overloaded
            }
        }
    }

    /// Runs a change to its end even when the caller goes away: between the commit and the gallery nothing may stop.
    func shielded<R: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () async throws(Failure) -> R
    ) async throws(Failure) -> R {
        let change = Task { () async -> Result<R, Failure> in
            do throws(Failure) {
                return .success(try await body())
            } catch {
                return .failure(error)
            }
        }
        return try await change.value.get()
    }

    /// Makes recognitions durable, together with those that arrive at the same time.
    ///
    /// - Returns: where the persons stand afterwards; who is gone is left out.
    func count(_ persons: [UUID]) async throws(RecognitionError) -> [UUID: RecognitionCount] {
        guard !persons.isEmpty else { return [:] }
        let moment = now()
        let tallies = Dictionary(grouping: persons, by: \.self).map { person, times in
            RecognitionTally(person: person, count: times.count, latest: moment)
        }
        return try await storing { () throws(PostgresError) in try await recognitions.submit(tallies) }
    }

    /// Searches one embedding.
    func search(_ embedding: Embedding, in gallery: UUID, limit: Int) async -> SearchQueue.Answer {
        let answer = await searchQueue.search(embedding, in: galleries[gallery], limit: limit)
        searchTimer.record(duration: answer.duration)
        return answer
    }
}
