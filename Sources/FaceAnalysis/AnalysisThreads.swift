import Foundation
import Metrics
import Synchronization

/// A fixed set of threads that do the arithmetic of pictures, each with a workspace of its own.
///
/// The work blocks for tens of milliseconds, so it stays off the concurrency pool. The queue is bounded: who comes
/// when it is full hears so at once instead of waiting without end.
final class AnalysisThreads<Workspace: ~Copyable>: Sendable {
    private struct Job: Sendable {
        let run: @Sendable (inout Workspace) -> Void
        /// Called instead of `run` when the threads stop.
        let refuse: @Sendable () -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var isStopped = false
    }

    private let state = Mutex(State())
    private let wakeUp = DispatchSemaphore(value: 0)
    private let count: Int
    private let capacity: Int
    private let load: AnalysisLoad
    private let depth = Gauge(label: "firserver_analysis_queue_depth")

    /// Starts the threads; each has made its workspace when this returns.
    ///
    /// - Parameters:
    ///   - capacity: how many jobs may wait, beside those that run.
    ///   - load: is told how many jobs run.
    ///   - makeWorkspace: is called once on each thread.
    init(
        count: Int, capacity: Int, load: AnalysisLoad,
        makeWorkspace: @escaping @Sendable () throws(FaceAnalysisError) -> Workspace
    ) throws(FaceAnalysisError) {
        self.count = count
        self.capacity = capacity
        self.load = load
        let outcomes = Mutex<[FaceAnalysisError?]>([])
        let started = DispatchSemaphore(value: 0)
        for number in 0..<count {
            let thread = Thread { [self] in
                do throws(FaceAnalysisError) {
                    var workspace = try makeWorkspace()
                    outcomes.withLock { $0.append(nil) }
                    started.signal()
                    while let job = nextJob() { load.counting { job.run(&workspace) } }
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
    /// A caller whose task is cancelled while it waits does not use a thread any more.
    ///
    /// - Throws: ``FaceAnalysisError/overloaded`` at once when the queue is full,
    ///   ``FaceAnalysisError/cancelled``, or what `body` throws.
    func run<R: Sendable>(
        _ body: @escaping @Sendable (inout Workspace) throws(FaceAnalysisError) -> R
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
                } refuse: {
                    continuation.resume(returning: .failure(.cancelled))
                }
                if let refusal = add(job) { continuation.resume(returning: .failure(refusal)) }
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
            defer { state.waiting = [] }
            return state.waiting
        }
        for job in left { job.refuse() }
        for _ in 0..<count { wakeUp.signal() }
    }

    private func add(_ job: Job) -> FaceAnalysisError? {
        let refusal: FaceAnalysisError? = state.withLock { state in
            guard !state.isStopped else { return .cancelled }
            guard state.waiting.count < capacity else { return .overloaded }
            state.waiting.append(job)
            depth.record(state.waiting.count)
            return nil
        }
        if refusal == nil { wakeUp.signal() }
        return refusal
    }

    /// Waits for a job; `nil` when the threads are to end.
    private func nextJob() -> Job? {
        while true {
            wakeUp.wait()
            let (job, isStopped) = state.withLock { state in
                let job = state.waiting.isEmpty ? nil : state.waiting.removeFirst()
                depth.record(state.waiting.count)
                return (job, state.isStopped)
            }
            if isStopped { return nil }
            if let job { return job }
        }
    }
}

private final class CancellationFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}
