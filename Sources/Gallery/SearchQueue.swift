import COpenBLAS
public import FaceModel
import Foundation
import Synchronization

/// The threads that search galleries.
///
/// Searches block for as long as the scan takes, so they stay off the concurrency pool. Probes for the same gallery
/// that wait at the same moment are searched together: one pass over the matrix serves all of them.
public final class SearchQueue: Sendable {
    /// The largest number of probes that share a pass; beyond it the scores no longer stay in the cache.
    public static let largestBatch = 64

    private struct State {
        var waiting: [Job] = []
        var isStopped = false
    }

    private enum Job: Sendable {
        case search(Search)
        case change(@Sendable () -> Void)
    }

    private struct Search: Sendable {
        let gallery: Gallery
        let probe: Embedding
        let limit: Int
        let answer: CheckedContinuation<Answer, Never>
    }

    /// What one probe gets.
    public struct Answer: Sendable {
        /// The best matches, highest cosine first.
        public let matches: [GalleryMatch]
        /// How many faces were compared.
        public let comparedCount: Int
        /// How long the pass took that answered this probe.
        public let duration: Duration
    }

    private let state = Mutex(State())
    private let wakeUp = DispatchSemaphore(value: 0)

    /// Starts `threads` search threads.
    public init(threads: Int = 1) {
        // Each search thread scans by itself; OpenBLAS must not start threads of its own beside them.
        openblas_set_num_threads(1)
        for number in 0..<threads {
            let thread = Thread { [self] in work() }
            thread.name = "search-\(number)"
            thread.start()
        }
    }

    /// Finds the `limit` subjects most like a probe.
    public func search(_ probe: Embedding, in gallery: Gallery, limit: Int) async -> Answer {
        await withCheckedContinuation { answer in
            add(.search(Search(gallery: gallery, probe: probe, limit: limit, answer: answer)))
        }
    }

    /// Runs a change of galleries on a search thread: it waits there for the searches under way and nowhere else.
    public func change(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { done in
            add(
                .change {
                    body()
                    done.resume()
                })
        }
    }

    private func add(_ job: Job) {
        state.withLock { $0.waiting.append(job) }
        wakeUp.signal()
    }

    /// Ends the threads after the jobs that wait already.
    public func stop() {
        state.withLock { $0.isStopped = true }
        wakeUp.signal()
    }

    private func work() {
        while true {
            wakeUp.wait()
            switch takeWork() {
            case .nothing: break
            case .end:
                wakeUp.signal()
                return
            case .change(let body): body()
            case .batch(let batch): answer(batch)
            }
        }
    }

    private enum Work {
        case batch([Search])
        case change(@Sendable () -> Void)
        /// Another thread took what was there.
        case nothing
        /// The queue is stopped and empty.
        case end
    }

    /// Takes the first job, and with a search all others that can share its pass.
    ///
    /// A search may overtake a change: nobody was told of the change yet.
    private func takeWork() -> Work {
        state.withLock { state in
            switch state.waiting.first {
            case nil: return state.isStopped ? .end : .nothing
            case .change(let body)?:
                state.waiting.removeFirst()
                return .change(body)
            case .search(let first)?:
                var batch: [Search] = []
                var others: [Job] = []
                for job in state.waiting {
                    if case .search(let search) = job, search.gallery === first.gallery, search.limit == first.limit,
                        batch.count < Self.largestBatch
                    {
                        batch.append(search)
                    } else {
                        others.append(job)
                    }
                }
                state.waiting = others
                return .batch(batch)
            }
        }
    }

    private func answer(_ batch: [Search]) {
        guard let first = batch.first else { return }
        let start = ContinuousClock.now
        let result = first.gallery.search(batch.map(\.probe), limit: first.limit)
        let duration = ContinuousClock.now - start
        for (job, matches) in zip(batch, result.matches) {
            job.answer.resume(
                returning: Answer(matches: matches, comparedCount: result.comparedCount, duration: duration))
        }
    }
}
