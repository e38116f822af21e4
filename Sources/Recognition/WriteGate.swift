/// Lets changes of the same thing happen one after the other, and changes of different things side by side.
///
/// A change commits in the database first and reaches the gallery in memory second. Without the gate two changes of
/// one person could reach the gallery in the other order, and the gallery would keep a face that the database no longer
/// has.
package actor WriteGate<Key: Hashable & Sendable> {
    /// What a change touches.
    package enum Scope: Sendable {
        case some(Set<Key>)
        case everyone

        fileprivate func meets(_ other: Scope) -> Bool {
            switch (self, other) {
            case (.some(let mine), .some(let theirs)): !mine.isDisjoint(with: theirs)
            case (.everyone, _), (_, .everyone): true
            }
        }
    }

    private struct Waiter {
        let ticket: Int
        let scope: Scope
        let resume: CheckedContinuation<Void, Never>
    }

    private var running: [Int: Scope] = [:]
    private var waiting: [Waiter] = []
    private var nextTicket = 0

    package init() {}

    /// Runs `body` while no other change meets the scope.
    package nonisolated func withAccess<R: Sendable, Failure: Error>(
        to scope: Scope, _ body: () async throws(Failure) -> R
    ) async throws(Failure) -> R {
        let ticket = await enter(scope)
        do {
            let result = try await body()
            await leave(ticket)
            return result
        } catch {
            await leave(ticket)
            throw error
        }
    }

    private func enter(_ scope: Scope) async -> Int {
        let ticket = nextTicket
        nextTicket += 1
        // Who came earlier goes first, or a change of everyone would never find a quiet moment.
        guard running.values.contains(where: scope.meets) || waiting.contains(where: { scope.meets($0.scope) }) else {
            running[ticket] = scope
            return ticket
        }
        await withCheckedContinuation { waiting.append(Waiter(ticket: ticket, scope: scope, resume: $0)) }
        return ticket
    }

    private func leave(_ ticket: Int) {
        running[ticket] = nil
        var held: [Waiter] = []
        for waiter in waiting {
            if running.values.contains(where: waiter.scope.meets)
                || held.contains(where: { waiter.scope.meets($0.scope) })
            {
                held.append(waiter)
            } else {
                running[waiter.ticket] = waiter.scope
                waiter.resume.resume()
            }
        }
        waiting = held
    }
}
