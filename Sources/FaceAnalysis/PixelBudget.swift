import Metrics

/// The memory that pictures may take while they are worked on, over all threads.
///
/// One huge picture takes hundreds of megabytes; several at once must not add up. Who finds no room waits.
package struct PixelBudget: Sendable {
    /// All bytes that there are to give.
    let capacity: Int
    private(set) var taken = 0
    private let gauge = Gauge(label: "firserver_memory_taken_bytes", dimensions: [("budget", "pixels")])

    /// - Parameter capacity: in bytes, 1 or more.
    package init(capacity: Int) {
        self.capacity = capacity
    }

    /// Takes bytes.
    ///
    /// - Returns: whether there were as many.
    mutating func take(_ bytes: Int) -> Bool {
        guard bytes <= capacity - taken else { return false }
        taken += bytes
        gauge.record(taken)
        return true
    }

    /// Gives bytes back.
    mutating func giveBack(_ bytes: Int) {
        taken -= bytes
        gauge.record(taken)
    }
}
