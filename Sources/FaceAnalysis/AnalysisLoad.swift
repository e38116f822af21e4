import Inference
import Synchronization

/// How many jobs the analysis threads are doing at this moment, and whether one of them may use all cores.
///
/// A network run on all cores takes little more than half of the time that it takes on one of two, but more work in
/// all; so only a job that is alone may have them.
final class AnalysisLoad: Sendable {
    /// Who helps with a job that is alone; `nil` where there is one core only.
    let crew: Crew?
    private let running = Atomic(0)
    private let areCoresTaken = Atomic(false)

    init(crew: Crew?) {
        self.crew = crew
    }

    /// Does a job, counted.
    func counting(_ job: () -> Void) {
        running.add(1, ordering: .relaxed)
        job()
        running.subtract(1, ordering: .relaxed)
    }

    /// Whether the caller may use all cores: when no other job is under way and nobody else has them.
    private func takeCores() -> Bool {
        running.load(ordering: .relaxed) <= 1
            && areCoresTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    }

    /// Does a piece of work, with the crew when no other job is under way.
    func withCrew<R, E: Error>(_ work: (Crew?) throws(E) -> R) throws(E) -> R {
        guard let crew, takeCores() else { return try work(nil) }
        defer { giveCoresBack() }
        return try work(crew)
    }

    private func giveCoresBack() { areCoresTaken.store(false, ordering: .releasing) }
}

extension InferenceSession {
    /// Runs the network on what was filled in last, on all cores when nobody else needs them.
    mutating func run(sharing load: AnalysisLoad) throws(InferenceError) {
        try load.withCrew { (crew) throws(InferenceError) in try run(wide: crew != nil) }
    }
}
