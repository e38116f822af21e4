import Synchronization

/// How many connections may be WebSockets at the same time.
final class WebSocketSeats: Sendable {
    private let maximum: Int
    private let taken = Mutex(0)

    init(maximum: Int) {
        self.maximum = maximum
    }

    /// Takes a seat.
    ///
    /// - Returns: whether there was one; if so it must be given back.
    func take() -> Bool {
        taken.withLock { taken in
            guard taken < maximum else { return false }
            taken += 1
            return true
        }
    }

    /// Gives a seat back.
    func giveBack() { taken.withLock { $0 -= 1 } }
}
