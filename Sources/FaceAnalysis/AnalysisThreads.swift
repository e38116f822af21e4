import FaceModel
import Foundation
import Metrics
import Synchronization

/// A fixed set of threads that do the arithmetic of pictures, each with a workspace of its own.
///
/// The work blocks for tens of milliseconds, so it stays off the concurrency pool. The queue is bounded: who comes
/// when it is full hears so at once instead of waiting without end, and who has waited as long as the request's
/// deadline allows is told so; see ``AnalysisQueue``.
final class AnalysisThreads<Workspace: ~Copyable>: Sendable {
    private struct Job: Sendable {
        let run: @Sendable (inout Workspace) -> Void
        /// Called instead of `run`.
        let refuse: @Sendable (FaceAnalysisError) -> Void
    }

    private struct State {
        var queue: AnalysisQueue<Job>
        var isStopped = false
        /// How many threads found no job for which there was memory, and sleep again.
        var starved = 0
        /// When the next timer comes that looks after deadlines.
        var alarm: ContinuousClock.Instant?
    }

    private let state: Mutex<State>
    private let deadlines = DispatchQueue(label: "analysis-deadlines")
    private let wakeUp = DispatchSemaphore(value: 0)
    private let count: Int
    private let load: AnalysisLoad
    private let depth = Gauge(label: "firserver_analysis_queue_depth")

    /// Starts the threads; each has made its workspace when this returns.
    ///
    /// - Parameters:
    ///   - capacity: how many jobs may wait, beside those that run.
    ///   - budget: the memory of those that run.
    ///   - load: is told how many jobs run.
    ///   - makeWorkspace: is called once on each thread.
    init(
        count: Int, capacity: Int, budget: PixelBudget, load: AnalysisLoad,
        makeWorkspace: @escaping @Sendable () throws(FaceAnalysisError) -> Workspace
    ) throws(FaceAnalysisError) {
        self.count = count
        state = Mutex(State(queue: AnalysisQueue(capacity: capacity, budget: budget)))
        self.load = load
        let outcomes = Mutex<[FaceAnalysisError?]>([])
        let started = DispatchSemaphore(value: 0)
        for number in 0..<count {
            let thread = Thread { [self] in
                do throws(FaceAnalysisError) {
                    var workspace = try makeWorkspace()
                    outcomes.withLock { $0.append(nil) }
                    started.signal()
                    while let (job, memory) = nextJob() {
                        load.counting { job.run(&workspace) }
                        giveBack(memory)
                    }
                } catch {
                    outcomes.withLock { $0.append(error) }
                    started.signal()
                }
            }
            thread.name = "analysis-\(number)"
            thread.stackSize = 8 << 20
            thread.start()
        }
        for _ in 0..<count { started.wait() }
        if let failure = outcomes.withLock({ $0.compactMap { $0 }.first }) {
            stop()
            throw failure
        }
    }

    /// Runs `body` on one of the threads.
    ///
    /// A caller whose task is cancelled while it waits, or whose deadline passes, does not use a thread any more.
    ///
    /// - Parameter memory: how many bytes pictures take while `body` runs.
    /// - Throws: ``FaceAnalysisError/overloaded`` at once when the queue is full, ``FaceAnalysisError/tooLarge`` when
    ///   there will never be as much memory, ``FaceAnalysisError/late``, ``FaceAnalysisError/cancelled``, or what `body`
    ///   throws.
    func run<R: Sendable>(
        memory: Int, _ body: @escaping @Sendable (inout Workspace) throws(FaceAnalysisError) -> R
    ) async throws(FaceAnalysisError) -> R {
        let flag = CancellationFlag()
        let result: Result<R, FaceAnalysisError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let job = Job { workspace in
                    guard !flag.isSet else { return continuation.resume(returning: .failure(.cancelled)) }
                    do throws(FaceAnalysisError) {
                        continuation.resume(returning: .success(try body(&workspace)))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                } refuse: { reason in
                    continuation.resume(returning: .failure(reason))
                }
                if let refusal = add(job, memory: memory) { continuation.resume(returning: .failure(refusal)) }
            }
        } onCancel: {
            flag.set()
        }
        return try result.get()
    }

    /// Ends the threads; jobs that wait are told so.
    func stop() {
        let left = state.withLock { state in
            state.isStopped = true
            return state.queue.removeAll()
        }
        for job in left { job.refuse(.cancelled) }
        for _ in 0..<count { wakeUp.signal() }
    }

    private func add(_ job: Job, memory: Int) -> FaceAnalysisError? {
        let deadline = RequestDeadline.current
        let refusal: FaceAnalysisError? = state.withLock { state in
            guard !state.isStopped else { return .cancelled }
            guard state.queue.canHold(memory) else { return .tooLarge }
            guard deadline.map({ $0 > .now }) ?? true else { return .late }
            guard state.queue.add(job, memory: memory, deadline: deadline) else { return .overloaded }
            depth.record(state.queue.count)
            return nil
        }
        guard refusal == nil else { return refusal }
        wakeUp.signal()
        if deadline != nil { watchDeadlines() }
        return nil
    }

    /// Sets a timer for the next deadline, unless one comes before it.
    private func watchDeadlines() {
        let next: ContinuousClock.Instant? = state.withLock { state in
            guard let next = state.queue.nextDeadline, state.alarm.map({ next < $0 }) ?? true else { return nil }
            state.alarm = next
            return next
        }
        guard let next else { return }
        deadlines.asyncAfter(deadline: .now() + max(0, (next - .now) / .seconds(1))) { [weak self] in
            self?.refuseExpired()
        }
    }

    private func refuseExpired() {
        let expired = state.withLock { state in
            state.alarm = nil
            let expired = state.queue.removeExpired(at: .now)
            depth.record(state.queue.count)
            return expired
        }
        for job in expired { job.refuse(.late) }
        watchDeadlines()
    }

    /// Memory has become free, for which threads may wait.
    private func giveBack(_ memory: Int) {
        let starved = state.withLock { state in
            state.queue.giveBack(memory)
            defer { state.starved = 0 }
            return state.starved
        }
        for _ in 0..<starved { wakeUp.signal() }
    }

    /// Waits for a job; `nil` when the threads are to end.
    private func nextJob() -> (Job, memory: Int)? {
        while true {
            wakeUp.wait()
            let (expired, next, isStopped) = state.withLock { state in
                let expired = state.queue.removeExpired(at: .now)
                let next = state.queue.next()
                if next == nil, state.queue.count > 0 { state.starved += 1 }
                depth.record(state.queue.count)
                return (expired, next, state.isStopped)
            }
            for job in expired { job.refuse(.late) }
            // Whoever stops the threads has emptied the queue.
            if isStopped { return nil }
            if let next { return (next.job, next.memory) }
        }
    }
}

private final class CancellationFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}
