import Foundation
import Synchronization

/// What was asked lately, bounded by number and by memory.
final class Journal: Sendable {
    /// Which entries a query means.
    struct Query: Sendable {
        var method: String?
        var status: Int?
        /// Only entries after this one.
        var after = 0
    }

    private static let mostEntries = 5000
    private static let mostMemory = 32 << 20

    private struct State {
        var entries: [JournalEntry] = []
        var weight = 0
        var count = 0
    }

    private let state = Mutex(State())

    func add(_ entry: JournalEntry) {
        state.withLock { state in
            state.count += 1
            var entry = entry
            entry.number = state.count
            state.entries.append(entry)
            state.weight += entry.weight
            guard state.entries.count > Self.mostEntries || state.weight > Self.mostMemory else { return }
            // A tenth at a time, so that a full journal does not move with every request.
            let gone = max(1, state.entries.count / 10)
            state.weight -= state.entries.prefix(gone).reduce(0) { $0 + $1.weight }
            state.entries.removeFirst(gone)
        }
    }

    /// The newest entries that a query means, oldest first.
    func entries(_ query: Query, limit: Int) -> [JournalEntry] { Array(matching(query).suffix(limit)) }

    func count(_ query: Query) -> Int { matching(query).count }

    func removeAll() { state.withLock { ($0.entries, $0.weight) = ([], 0) } }

    private func matching(_ query: Query) -> [JournalEntry] {
        state.withLock { $0.entries }.filter { entry in
            entry.number > query.after && (query.status ?? entry.status) == entry.status
                && (query.method.map { $0.lowercased() == entry.method.lowercased() } ?? true)
        }
    }
}
