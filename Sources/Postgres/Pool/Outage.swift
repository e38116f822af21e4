/// When to try again to reach a database that could not be reached: decisions only.
///
/// The pauses double up to a limit and are spread by chance, so that many connections and many servers do not come
/// back all at once. After `patience` an outage is taken as lasting: calls fail at once between two attempts.
package struct Outage {
    package enum Decision: Equatable {
        case connect
        case wait(until: ContinuousClock.Instant)
        case fail
    }

    package static let firstPause = Duration.milliseconds(25)
    package static let longestPause = Duration.milliseconds(500)
    package static let patience = Duration.seconds(5)

    private var since: ContinuousClock.Instant?
    private var nextAttempt: ContinuousClock.Instant?
    private var failures = 0
    package private(set) var lastError: PostgresError = .noConnection

    /// Whether the last attempt failed.
    package var isOngoing: Bool { since != nil }

    /// No outage.
    package init() {}

    /// What somebody may do who needs a new connection.
    ///
    /// `.connect` books the attempt: others wait for its end.
    package mutating func decide(now: ContinuousClock.Instant, deadline: ContinuousClock.Instant) -> Decision {
        guard let since, let nextAttempt else { return .connect }
        if now >= nextAttempt {
            self.nextAttempt = now + Self.longestPause
            return .connect
        }
        guard now - since < Self.patience, nextAttempt < deadline else { return .fail }
        return .wait(until: nextAttempt)
    }

    /// A connection was made.
    package mutating func succeeded() {
        self = Outage()
    }

    /// No connection could be made.
    ///
    /// - Parameter chance: a number 0…1 that spreads the attempts.
    package mutating func failed(_ error: PostgresError, now: ContinuousClock.Instant, chance: Double) {
        since = since ?? now
        lastError = error
        let pause = min(Self.longestPause, Self.firstPause * (1 << min(failures, 10)))
        failures += 1
        nextAttempt = now + pause * (0.5 + chance / 2)
    }
}
