/// The jobs that wait for a thread, and which of them comes next.
///
/// Jobs come in their order, but one for which there is no memory is overtaken by those behind it, and one whose caller
/// does not wait any longer is not done at all. Belongs to a lock.
package struct AnalysisQueue<Job: Sendable>: Sendable {
    /// What waits.
    private struct Entry: Sendable {
        let job: Job
        /// How much memory it takes, in bytes.
        let memory: Int
        let deadline: ContinuousClock.Instant?
    }

    private let capacity: Int
    private var budget: PixelBudget
    private var waiting: [Entry] = []

    /// - Parameters:
    ///   - capacity: how many jobs may wait.
    ///   - budget: the memory of those that run.
    package init(capacity: Int, budget: PixelBudget) {
        self.capacity = capacity
        self.budget = budget
    }

    /// How many jobs wait.
    package var count: Int { waiting.count }

    /// When the first of those that wait is to be given up; `nil` when there is none.
    package var nextDeadline: ContinuousClock.Instant? { waiting.lazy.compactMap(\.deadline).min() }

    /// Whether there will ever be room for a job.
    package func canHold(_ memory: Int) -> Bool { memory <= budget.capacity }

    /// Adds a job at the end.
    ///
    /// - Returns: whether there was a place.
    package mutating func add(_ job: Job, memory: Int, deadline: ContinuousClock.Instant?) -> Bool {
        guard waiting.count < capacity else { return false }
        waiting.append(Entry(job: job, memory: memory, deadline: deadline))
        return true
    }

    /// Takes the first job for which there is memory; what it takes must be given back.
    package mutating func next() -> (job: Job, memory: Int)? {
        for index in waiting.indices where budget.take(waiting[index].memory) {
            let entry = waiting.remove(at: index)
            return (entry.job, entry.memory)
        }
        return nil
    }

    /// A job that was taken is done.
    package mutating func giveBack(_ memory: Int) { budget.giveBack(memory) }

    /// Takes the jobs out whose callers do not wait any longer.
    package mutating func removeExpired(at now: ContinuousClock.Instant) -> [Job] {
        let expired = waiting.filter { $0.deadline.map { $0 <= now } ?? false }.map(\.job)
        if !expired.isEmpty { waiting.removeAll { $0.deadline.map { $0 <= now } ?? false } }
        return expired
    }

    /// Takes all jobs out.
    package mutating func removeAll() -> [Job] {
        defer { waiting = [] }
        return waiting.map(\.job)
    }
}
