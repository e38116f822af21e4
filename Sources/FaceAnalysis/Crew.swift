import Foundation
import Imaging
import Synchronization

/// Threads that help another one with a piece of work of some milliseconds.
///
/// Nobody waits for a helper that has not come: the piece is shared among those who are there, so that a core that is
/// busy with something else costs nothing but its help.
package final class Crew: Helpers {
    private struct State {
        /// What is to be done, told the helper's number, 1 and up.
        var work: (@Sendable (Int) -> Void)?
        /// How many helpers are at work.
        var inside = 0
        var isStopped = false
    }

    /// How many threads take part, the caller included.
    package let size: Int
    private let state = Mutex(State())
    private let wakeUp = DispatchSemaphore(value: 0)

    /// Starts `size` − 1 helpers.
    package init(size: Int) {
        self.size = size
        for number in 1..<size {
            let thread = Thread { [self] in help(as: number) }
            thread.name = "helper-\(number)"
            thread.start()
        }
    }

    /// Does `work` on the calling thread, number 0, and on the helpers that come in time.
    ///
    /// One caller at a time. The work must come to an end however many take part, and be done when one of them returns.
    package func share(_ work: @escaping @Sendable (Int) -> Void) {
        state.withLock { $0.work = work }
        for _ in 1..<size { wakeUp.signal() }
        work(0)
        // Who is still inside is on the way out.
        while state.withLock({ state in
            state.work = nil
            return state.inside > 0
        }) {
            sched_yield()
        }
    }

    /// Ends the helpers.
    package func stop() {
        state.withLock { $0.isStopped = true }
        for _ in 1..<size { wakeUp.signal() }
    }

    private func help(as number: Int) {
        while true {
            wakeUp.wait()
            let (work, isStopped) = state.withLock { state in
                if state.work != nil { state.inside += 1 }
                return (state.work, state.isStopped)
            }
            if let work {
                work(number)
                state.withLock { $0.inside -= 1 }
            }
            if isStopped { return }
        }
    }
}
