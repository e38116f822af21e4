/// Who may use which slot of a pool: decisions only, no clock and no socket.
///
/// Slots are numbers. Who comes first is served first, and a slot that comes back goes straight to the next in line.
package struct PoolQueue<Waiter> {
    /// What a newcomer gets.
    package enum Admission: Equatable {
        case slot(Int)
        case wait(ticket: UInt64)
        case refused
    }

    private var idle: [Int]
    private var waiters: [(ticket: UInt64, waiter: Waiter?)] = []
    private var nextTicket: UInt64 = 0
    private let waitingLimit: Int
    package private(set) var isClosed = false

    package init(slots: Int, waitingLimit: Int) {
        idle = Array((0..<slots).reversed())
        self.waitingLimit = waitingLimit
    }

    package var waitingCount: Int { waiters.count }

    /// Asks for a slot.
    ///
    /// Who must wait brings its waiter with `park`.
    package mutating func enter() -> Admission {
        guard !isClosed else { return .refused }
        if let slot = idle.popLast() { return .slot(slot) }
        guard waiters.count < waitingLimit else { return .refused }
        nextTicket += 1
        waiters.append((nextTicket, nil))
        return .wait(ticket: nextTicket)
    }

    /// Gives the waiter of a ticket.
    ///
    /// - Returns: a slot that became free since the ticket was given, `.wait` to go on waiting, `.refused` when the
    ///   ticket is no longer valid.
    package mutating func park(_ waiter: Waiter, ticket: UInt64) -> Admission {
        guard let index = waiters.firstIndex(where: { $0.ticket == ticket }) else { return .refused }
        if let slot = idle.popLast() {
            waiters.remove(at: index)
            return .slot(slot)
        }
        waiters[index].waiter = waiter
        return .wait(ticket: ticket)
    }

    /// Ends the wait of a ticket.
    ///
    /// - Returns: the waiter that has to be told, if it still waits.
    package mutating func leave(_ ticket: UInt64) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.ticket == ticket }) else { return nil }
        return waiters.remove(at: index).waiter
    }

    /// Takes a slot back.
    ///
    /// - Returns: the waiter that has it now, if any.
    package mutating func giveBack(_ slot: Int) -> Waiter? {
        if !isClosed, let index = waiters.firstIndex(where: { $0.waiter != nil }) {
            return waiters.remove(at: index).waiter
        }
        idle.append(slot)
        return nil
    }

    /// Refuses everybody from now on.
    ///
    /// - Returns: the waiters that have to be told.
    package mutating func close() -> [Waiter] {
        isClosed = true
        defer { waiters = [] }
        return waiters.compactMap(\.waiter)
    }
}
