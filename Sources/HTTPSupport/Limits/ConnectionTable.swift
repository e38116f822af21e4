import Metrics
import Synchronization

/// The open connections of a server, and which of them goes when there are too many.
///
/// A newcomer takes the place of the connection that has been without a request for the longest time, first of those
/// that never had one; or else of the one that has been sending a request for the longest time. So connections that are
/// only held open, and clients that send a byte now and then, shut nobody out. Where all wait for an answer, or have
/// come just now, the newcomer has to go.
package final class ConnectionTable: Sendable {
    /// What stands for one connection.
    package struct Ticket: Sendable, Hashable {
        fileprivate let number: UInt64
    }

    /// What becomes of a newcomer.
    package enum Verdict: Sendable {
        case admitted(Ticket)
        /// The newcomer must go, after a word of farewell where there is room for it; see ``ConnectionTable/leaveRefused()``.
        case refused(hasFarewell: Bool)
    }

    fileprivate struct Entry {
        let close: @Sendable () -> Void
        var phase = Phase.new
        /// Since when it is in its phase.
        var since: ContinuousClock.Instant
    }

    /// What a connection is about; the first one is missed least.
    fileprivate enum Phase: Int {
        case new, quiet, sending, waiting
    }

    fileprivate struct State {
        var entries: [UInt64: Entry] = [:]
        var next: UInt64 = 0
        var farewells = 0
    }

    /// A connection that was made or answered less long ago may be about to send its request.
    fileprivate static let grace = Duration.seconds(1)
    /// A request has had its chance after so long.
    fileprivate static let sendingGrace = Duration.seconds(5)
    /// How many refused connections may be open until they have been told.
    private static let mostFarewells = 64

    private let maximum: Int
    private let state = Mutex(State())
    private let gauge = Gauge(label: "firserver_connections")
    private let evictions = Counter(label: "firserver_connections_evicted")
    private let refusals = Counter(label: "firserver_connections_refused")

    /// - Parameter maximum: how many connections may be open, 1 or more.
    package init(maximum: Int) {
        self.maximum = maximum
    }

    /// Takes a new connection in, or not.
    ///
    /// - Parameter close: closes it, should it be the one that goes; called at most once, at any time.
    package func enter(closing close: @escaping @Sendable () -> Void, at now: ContinuousClock.Instant = .now) -> Verdict
    {
        let (verdict, victim) = state.withLock { state -> (Verdict, (@Sendable () -> Void)?) in
            var victim: (@Sendable () -> Void)?
            if state.entries.count >= maximum {
                guard let key = state.leastMissed(at: now) else {
                    let hasFarewell = state.farewells < Self.mostFarewells
                    if hasFarewell { state.farewells += 1 }
                    return (.refused(hasFarewell: hasFarewell), nil)
                }
                victim = state.entries.removeValue(forKey: key)?.close
            }
            state.next += 1
            state.entries[state.next] = Entry(close: close, since: now)
            gauge.record(state.entries.count)
            return (.admitted(Ticket(number: state.next)), victim)
        }
        if case .refused = verdict { refusals.increment() }
        if let victim {
            evictions.increment()
            victim()
        }
        return verdict
    }

    /// A request begins to arrive on the connection.
    package func begin(_ ticket: Ticket, at now: ContinuousClock.Instant = .now) { enter(.sending, ticket, at: now) }

    /// The request has arrived as a whole.
    package func complete(_ ticket: Ticket, at now: ContinuousClock.Instant = .now) { enter(.waiting, ticket, at: now) }

    /// All requests of the connection have been answered.
    package func end(_ ticket: Ticket, at now: ContinuousClock.Instant = .now) { enter(.quiet, ticket, at: now) }

    private func enter(_ phase: Phase, _ ticket: Ticket, at now: ContinuousClock.Instant) {
        state.withLock { state in
            state.entries[ticket.number]?.phase = phase
            state.entries[ticket.number]?.since = now
        }
    }

    /// The connection is closed.
    package func leave(_ ticket: Ticket) {
        state.withLock { state in
            guard state.entries.removeValue(forKey: ticket.number) != nil else { return }
            gauge.record(state.entries.count)
        }
    }

    /// A refused connection that was told so is closed.
    package func leaveRefused() { state.withLock { $0.farewells -= 1 } }
}

extension ConnectionTable.State {
    /// The connection that is missed least, of those that are missed at all little.
    fileprivate func leastMissed(at now: ContinuousClock.Instant) -> UInt64? {
        var found: (key: UInt64, entry: ConnectionTable.Entry)?
        for (key, entry) in entries where entry.mayGo(at: now) {
            guard let best = found?.entry else {
                found = (key, entry)
                continue
            }
            if (entry.phase.rawValue, entry.since) < (best.phase.rawValue, best.since) { found = (key, entry) }
        }
        return found?.key
    }
}

extension ConnectionTable.Entry {
    fileprivate func mayGo(at now: ContinuousClock.Instant) -> Bool {
        switch phase {
        case .new, .quiet: now - since >= ConnectionTable.grace
        case .sending: now - since >= ConnectionTable.sendingGrace
        case .waiting: false
        }
    }
}
