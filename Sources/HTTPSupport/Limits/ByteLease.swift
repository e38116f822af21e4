import Synchronization

/// What one request holds of a budget; whatever it holds goes back when nobody needs the lease any more.
package final class ByteLease: Sendable {
    private let budget: ByteBudget
    private let held = Mutex(0)

    package init(of budget: ByteBudget) {
        self.budget = budget
    }

    deinit { release() }

    /// Whether the budget has room for so many bytes.
    package func hasRoom(for size: Int) -> Bool {
        let hasRoom = budget.hasRoom(for: size)
        if !hasRoom { budget.countRefusal() }
        return hasRoom
    }

    /// Holds as many bytes from now on, or more where it held more already.
    ///
    /// - Returns: whether the budget gave them.
    package func grow(to size: Int) -> Bool {
        held.withLock { held in
            guard size > held else { return true }
            guard budget.take(size - held, forPieceOf: size) else { return false }
            held = size
            return true
        }
    }

    /// Gives everything back.
    package func release() {
        let bytes = held.withLock { held in
            defer { held = 0 }
            return held
        }
        if bytes > 0 { budget.giveBack(bytes) }
    }
}
