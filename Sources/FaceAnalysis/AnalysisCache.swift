import Crypto
import Foundation
import Metrics
import Synchronization

/// Remembers what was found in the pictures that were analysed lately, by the SHA-256 of their files.
///
/// Clients ask about the same picture again and again: they enrol it after they searched it, or repeat what failed.
/// Analysis is deterministic, so an answer from memory is the answer. Hashing costs about a hundredth of an analysis.
final class AnalysisCache: Sendable {
    /// A picture and what was asked of it.
    struct Key: Hashable, Sendable {
        private let digest: SHA256Digest
        private let wantsAttributes: Bool

        init(_ bytes: [UInt8], wantsAttributes: Bool) {
            digest = SHA256.hash(data: bytes)
            self.wantsAttributes = wantsAttributes
        }
    }

    fileprivate struct Entry {
        let analysis: PictureAnalysis
        var lastUse: UInt64
    }

    fileprivate struct State {
        var entries: [Key: Entry] = [:]
        var uses: UInt64 = 0
        /// Faces of all entries, and one more for each entry.
        var weight = 0
    }

    /// A picture of a crowd takes the room of as many portraits.
    private let capacity: Int
    private let state = Mutex(State())
    private let hits = Counter(label: "firserver_analysis_cache_hits")

    /// - Parameter capacity: how many pictures of one face are remembered, 1 or more.
    init(capacity: Int) { self.capacity = 2 * capacity }

    func find(_ key: Key) -> PictureAnalysis? {
        let found = state.withLock { state -> PictureAnalysis? in
            state.uses += 1
            state.entries[key]?.lastUse = state.uses
            return state.entries[key]?.analysis
        }
        if found != nil { hits.increment() }
        return found
    }

    func add(_ analysis: PictureAnalysis, for key: Key) {
        let weight = 1 + analysis.faces.count
        guard weight <= capacity else { return }
        state.withLock { state in
            state.uses += 1
            if let old = state.entries.updateValue(Entry(analysis: analysis, lastUse: state.uses), forKey: key) {
                state.weight -= 1 + old.analysis.faces.count
            }
            state.weight += weight
            if state.weight > capacity { state.shrink(to: capacity - capacity / 4) }
        }
    }
}

extension AnalysisCache.State {
    /// Forgets what was not used for the longest time; a quarter at once, so that it need not be sorted each time.
    fileprivate mutating func shrink(to target: Int) {
        for (key, entry) in entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            guard weight > target else { return }
            entries[key] = nil
            weight -= 1 + entry.analysis.faces.count
        }
    }
}
