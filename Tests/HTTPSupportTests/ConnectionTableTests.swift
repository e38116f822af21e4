import HTTPSupport
import Synchronization
import Testing

struct ConnectionTableTests {
    private final class Closed: Sendable {
        let numbers = Mutex<[Int]>([])
        var all: [Int] { numbers.withLock { $0 } }
    }

    private let start = ContinuousClock.now
    private let closed = Closed()

    private func enter(
        _ table: ConnectionTable, _ number: Int, at seconds: Double
    ) -> ConnectionTable.Verdict {
        table.enter(
            closing: { [closed] in closed.numbers.withLock { $0.append(number) } }, at: start + .seconds(seconds))
    }

    private func admitted(_ verdict: ConnectionTable.Verdict) -> ConnectionTable.Ticket? {
        if case .admitted(let ticket) = verdict { ticket } else { nil }
    }

    @Test func `a newcomer takes the place of the connection that is missed least`() throws {
        let table = ConnectionTable(maximum: 3)
        let tickets = try (0..<3).map { try #require(admitted(enter(table, $0, at: Double($0)))) }
        // One is at work, one has worked and is quiet longest, one never asked for anything.
        table.begin(tickets[0])
        table.complete(tickets[0])
        table.begin(tickets[1])
        table.complete(tickets[1])
        table.end(tickets[1], at: start + .seconds(2))
        #expect(admitted(enter(table, 3, at: 10)) != nil)
        #expect(closed.all == [2])
        // The newcomer may be about to ask, so the one that has worked goes.
        #expect(admitted(enter(table, 4, at: 10.5)) != nil)
        #expect(closed.all == [2, 1])
        // All are at work or new.
        #expect(admitted(enter(table, 5, at: 10.6)) == nil)
        table.leave(tickets[0])
        #expect(admitted(enter(table, 6, at: 10.7)) != nil)
        #expect(closed.all == [2, 1])
    }

    @Test func `a place that was taken away is not given back twice`() throws {
        let table = ConnectionTable(maximum: 1)
        let first = try #require(admitted(enter(table, 0, at: 0)))
        let second = try #require(admitted(enter(table, 1, at: 2)))
        table.leave(first)
        table.begin(second)
        table.complete(second)
        #expect(admitted(enter(table, 2, at: 9)) == nil)
        table.leave(second)
        #expect(admitted(enter(table, 3, at: 9)) != nil)
    }

    @Test func `who sends a request for too long gives way, who waits for an answer does not`() throws {
        let table = ConnectionTable(maximum: 3)
        let tickets = try (0..<3).map { try #require(admitted(enter(table, $0, at: 0))) }
        for (ticket, begin) in zip(tickets, [2.0, 1, 0]) { table.begin(ticket, at: start + .seconds(begin)) }
        table.complete(tickets[2], at: start + .seconds(1))
        #expect(admitted(enter(table, 3, at: 5)) == nil)
        #expect(admitted(enter(table, 4, at: 6)) != nil)
        #expect(closed.all == [1])
        #expect(admitted(enter(table, 5, at: 6.9)) == nil)
        table.complete(tickets[0], at: start + .seconds(6.95))
        #expect(admitted(enter(table, 6, at: 7)) != nil)
        #expect(closed.all == [1, 4])
    }

    @Test func `only some of the refused connections are told so`() {
        let table = ConnectionTable(maximum: 1)
        _ = enter(table, 0, at: 0)
        func hasFarewell() -> Bool {
            if case .refused(hasFarewell: true) = enter(table, 1, at: 0.5) { true } else { false }
        }
        #expect((0..<100).map { _ in hasFarewell() }.count { $0 } == 64)
        table.leaveRefused()
        #expect(hasFarewell() && !hasFarewell())
    }
}
