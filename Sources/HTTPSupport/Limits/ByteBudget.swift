import Metrics
import Synchronization

/// Memory that many share: each takes what it needs as long as there is some left, and nobody waits.
///
/// A quarter is kept for small pieces, so that some clients with large bodies do not shut out everybody else.
public final class ByteBudget: Sendable {
    /// All bytes that there are to give.
    public let capacity: Int
    /// How large a piece may become before the last quarter is closed to it.
    private let largestSmallPiece: Int
    private let largePieces: Int
    private let taken = Mutex(0)
    private let gauge: Gauge
    private let refusals: Counter

    /// A budget.
    ///
    /// - Parameters:
    ///   - capacity: in bytes, 1 or more.
    ///   - name: what the memory is for, the value of the metrics' label `budget`.
    public init(capacity: Int, name: String) {
        self.capacity = capacity
        largestSmallPiece = capacity / 64
        largePieces = Self.roomForLargePieces(ofCapacity: capacity)
        gauge = Gauge(label: "firserver_memory_taken_bytes", dimensions: [("budget", name)])
        refusals = Counter(label: "firserver_memory_refusals", dimensions: [("budget", name)])
    }

    /// How many bytes are taken at this moment.
    public var takenBytes: Int { taken.withLock { $0 } }

    /// Whether a piece of a size would be given at this moment.
    func hasRoom(for size: Int) -> Bool { taken.withLock { size <= limit(for: size) - $0 } }

    /// Takes bytes for a piece that has `size` bytes with them.
    ///
    /// - Returns: whether they were given.
    func take(_ bytes: Int, forPieceOf size: Int) -> Bool {
        let total = taken.withLock { taken -> Int? in
            guard bytes <= limit(for: size) - taken else { return nil }
            taken += bytes
            return taken
        }
        if let total { gauge.record(total) } else { countRefusal() }
        return total != nil
    }

    /// Tells the metrics that somebody got nothing.
    func countRefusal() { refusals.increment() }

    /// Gives bytes back.
    func giveBack(_ bytes: Int) {
        let total = taken.withLock { taken in
            taken -= bytes
            return taken
        }
        gauge.record(total)
    }

    /// How many bytes large pieces may take.
    static func roomForLargePieces(ofCapacity capacity: Int) -> Int { capacity - capacity / 4 }

    private func limit(for size: Int) -> Int { size > largestSmallPiece ? largePieces : capacity }
}
