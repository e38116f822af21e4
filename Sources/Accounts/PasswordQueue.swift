import FaceModel
import Foundation
import Synchronization

/// Checks passwords one at a time on a thread of its own.
///
/// A check takes a fifth of a second, so a flood of wrong passwords could keep everybody waiting. The latest attempt goes
/// first, before those that are suspected of guessing (``LoginThrottle``); the queue is bounded, and whoever has waited
/// longest, suspects before others, is refused when it is full.
package final class PasswordQueue: Sendable {
    fileprivate struct Job: Sendable {
        let attempt: LoginAttempt
        let deadline: ContinuousClock.Instant?
        let isRight: @Sendable () -> Bool
        let answer: CheckedContinuation<Bool?, Never>
    }

    fileprivate struct State {
        /// The latest last.
        var waiting: [Job] = []
        var throttle = LoginThrottle()
        var isStopped = false
    }

    fileprivate enum Step {
        case check(Job)
        case sleep(until: ContinuousClock.Instant?)
        case stop
    }

    private let capacity: Int
    private let state = Mutex(State())
    private let wakeUp = DispatchSemaphore(value: 0)

    /// Starts the thread.
    ///
    /// - Parameter capacity: how many attempts may wait.
    package init(capacity: Int = 64) {
        self.capacity = capacity
        let thread = Thread { [self] in work() }
        thread.name = "passwords"
        thread.start()
    }

    /// Waits for the attempt's turn and checks its password.
    ///
    /// - Parameter isRight: blocks while it checks.
    /// - Returns: `nil` when there are too many attempts, or the request's deadline has passed.
    package func check(_ attempt: LoginAttempt, isRight: @escaping @Sendable () -> Bool) async -> Bool? {
        let deadline = RequestDeadline.current
        return await withCheckedContinuation { answer in
            let job = Job(attempt: attempt, deadline: deadline, isRight: isRight, answer: answer)
            let refused = state.withLock { state -> Job? in
                guard !state.isStopped else { return job }
                state.waiting.append(job)
                return state.waiting.count > capacity ? state.removeLeast(at: .now) : nil
            }
            refused?.answer.resume(returning: nil)
            wakeUp.signal()
        }
    }

    /// Ends the thread; attempts that wait are refused.
    package func stop() {
        let left = state.withLock { state in
            state.isStopped = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for job in left { job.answer.resume(returning: nil) }
        wakeUp.signal()
    }

    private func work() {
        while true {
            let (step, expired) = state.withLock { state in
                let expired = state.removeExpired(at: .now)
                return (state.next(at: .now), expired)
            }
            for job in expired { job.answer.resume(returning: nil) }
            switch step {
            case .check(let job):
                let isRight = job.isRight()
                state.withLock { $0.throttle.end(job.attempt, isRight: isRight, at: .now) }
                job.answer.resume(returning: isRight)
            case .sleep(nil): wakeUp.wait()
            case .sleep(let end?): _ = wakeUp.wait(timeout: .now() + max(0, (end - .now) / .seconds(1)))
            case .stop: return
            }
        }
    }
}

extension PasswordQueue.State {
    /// Takes the next job out, if its time has come.
    fileprivate mutating func next(at now: ContinuousClock.Instant) -> PasswordQueue.Step {
        if isStopped { return .stop }
        var chosen: (index: Int, turn: ContinuousClock.Instant)?
        for index in waiting.indices.reversed() {
            guard let turn = throttle.nextTurn(of: waiting[index].attempt, at: now) else {
                chosen = (index, now)
                break
            }
            if chosen == nil || max(turn, now) < max(chosen?.turn ?? now, now) { chosen = (index, turn) }
        }
        guard let chosen else { return .sleep(until: nil) }
        guard chosen.turn <= now else { return .sleep(until: chosen.turn) }
        let job = waiting.remove(at: chosen.index)
        throttle.begin(job.attempt, at: now)
        return .check(job)
    }

    /// Takes the job out that is missed least: the oldest of a suspect, or else the oldest of all.
    fileprivate mutating func removeLeast(at now: ContinuousClock.Instant) -> PasswordQueue.Job {
        let suspect = waiting.firstIndex { throttle.nextTurn(of: $0.attempt, at: now) != nil }
        return waiting.remove(at: suspect ?? waiting.startIndex)
    }

    fileprivate mutating func removeExpired(at now: ContinuousClock.Instant) -> [PasswordQueue.Job] {
        let expired = waiting.filter { $0.deadline.map { $0 <= now } ?? false }
        if !expired.isEmpty { waiting.removeAll { $0.deadline.map { $0 <= now } ?? false } }
        return expired
    }
}
