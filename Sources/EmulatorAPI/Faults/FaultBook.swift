import Foundation
import Recognition
import Synchronization

/// The faults in force.
final class FaultBook: Sendable {
    /// What happens to one request: a wait, and then at most one thing that goes wrong.
    struct Orders: Sendable {
        var delay = Duration.zero
        var kind: Fault.Kind?
        /// The names of all that strike.
        var names: [String] = []
    }

    private struct State {
        var faults: [Fault] = []
        /// The chance of faults repeats after a seed.
        let chance = IDSource()
    }

    private let state = Mutex(State())

    var all: [Fault] { state.withLock { $0.faults } }

    func add(_ fault: Fault) { state.withLock { $0.faults.append(fault) } }

    /// - Returns: whether there was such a fault.
    func remove(_ id: UUID) -> Bool {
        state.withLock { state in
            let count = state.faults.count
            state.faults.removeAll { $0.id == id }
            return state.faults.count < count
        }
    }

    func removeAll() { state.withLock { $0.faults = [] } }

    /// Starts the chance of faults anew; `nil` leaves it to the machine.
    func seed(_ seed: UInt64?) { state.withLock { $0.chance.seed(seed) } }

    /// What strikes a request: every delay, and the first of the others.
    func orders(for method: String) -> Orders {
        state.withLock { state in
            var orders = Orders()
            for index in state.faults.indices {
                let fault = state.faults[index]
                guard fault.method.map({ $0.lowercased() == method.lowercased() }) ?? true,
                    fault.kind.isDelay || orders.kind == nil, state.chance.share() < fault.probability
                else { continue }
                if case .delay(let range) = fault.kind {
                    let span = Double(range.upperBound - range.lowerBound + 1)
                    let extra = min(range.upperBound - range.lowerBound, Int(span * state.chance.share()))
                    orders.delay += .milliseconds(range.lowerBound + extra)
                } else {
                    orders.kind = fault.kind
                }
                orders.names.append(fault.kind.name)
                state.faults[index].used += 1
                state.faults[index].remaining? -= 1
            }
            state.faults.removeAll { $0.remaining == 0 }
            return orders
        }
    }
}

extension IDSource {
    /// A number from 0 up to 1, evenly.
    fileprivate func share() -> Double {
        let word = next().uuid
        // The first four bytes have no bits of the version.
        let bits = [word.0, word.1, word.2, word.3].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return Double(bits) / 4_294_967_296
    }
}
