import Postgres
import Testing

@Suite struct PoolDecisionTests {
    @Test func `who comes first is served first`() {
        var queue = PoolQueue<String>(slots: 1, waitingLimit: 2)
        #expect(queue.enter() == .slot(0))
        #expect(queue.enter() == .wait(ticket: 1))
        #expect(queue.enter() == .wait(ticket: 2))
        #expect(queue.enter() == .refused)
        #expect(queue.park("first", ticket: 1) == .wait(ticket: 1))
        #expect(queue.park("second", ticket: 2) == .wait(ticket: 2))
        #expect(queue.giveBack(0) == "first")
        #expect(queue.giveBack(0) == "second")
        #expect(queue.giveBack(0) == nil)
        #expect(queue.enter() == .slot(0))
    }

    @Test func `a slot that comes back before the waiter is parked is not lost`() {
        var queue = PoolQueue<String>(slots: 1, waitingLimit: 2)
        #expect(queue.enter() == .slot(0))
        #expect(queue.enter() == .wait(ticket: 1))
        #expect(queue.giveBack(0) == nil)
        #expect(queue.park("late", ticket: 1) == .slot(0))
        #expect(queue.waitingCount == 0)
    }

    @Test func `who gave up is not served`() {
        var queue = PoolQueue<String>(slots: 1, waitingLimit: 3)
        #expect(queue.enter() == .slot(0))
        #expect(queue.enter() == .wait(ticket: 1))
        #expect(queue.enter() == .wait(ticket: 2))
        #expect(queue.leave(1) == nil)
        #expect(queue.park("too late", ticket: 1) == .refused)
        #expect(queue.park("second", ticket: 2) == .wait(ticket: 2))
        #expect(queue.leave(2) == "second")
        #expect(queue.giveBack(0) == nil)
    }

    @Test func `a closed queue tells everybody`() {
        var queue = PoolQueue<String>(slots: 1, waitingLimit: 3)
        #expect(queue.enter() == .slot(0))
        #expect(queue.enter() == .wait(ticket: 1))
        #expect(queue.park("first", ticket: 1) == .wait(ticket: 1))
        #expect(queue.close() == ["first"])
        #expect(queue.enter() == .refused)
        #expect(queue.giveBack(0) == nil)
    }

    @Test func `pauses grow while the database is down, and one caller at a time tries`() {
        let start = ContinuousClock.now
        let deadline = start + .seconds(100)
        var outage = Outage()
        #expect(outage.decide(now: start, deadline: deadline) == .connect)
        var now = start
        var pauses: [Duration] = []
        for _ in 0..<8 {
            outage.failed(.connectionFailed("down"), now: now, chance: 1)
            guard case .wait(let instant) = outage.decide(now: now, deadline: deadline) else { break }
            pauses.append(instant - now)
            now = instant
            #expect(outage.decide(now: now, deadline: deadline) == .connect)
            #expect(outage.decide(now: now, deadline: deadline) != .connect)
        }
        #expect(pauses == [25, 50, 100, 200, 400, 500, 500, 500].map { .milliseconds($0) })
        outage.succeeded()
        #expect(outage.decide(now: now, deadline: deadline) == .connect)
        #expect(outage.decide(now: now, deadline: deadline) == .connect)
    }

    @Test func `a lasting outage fails at once between two attempts`() {
        let start = ContinuousClock.now
        var outage = Outage()
        outage.failed(.connectionFailed("down"), now: start, chance: 0)
        // Too late for the caller: there is no use in waiting.
        #expect(outage.decide(now: start, deadline: start) == .fail)
        let later = start + Outage.patience
        outage.failed(.connectionFailed("still down"), now: later, chance: 1)
        #expect(outage.decide(now: later, deadline: later + .seconds(3)) == .fail)
        #expect(outage.lastError == .connectionFailed("still down"))
        #expect(outage.decide(now: later + .seconds(1), deadline: later + .seconds(3)) == .connect)
    }
}
