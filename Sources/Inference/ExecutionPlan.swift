/// How a network uses the processor.
///
/// With one stream a run takes place on the caller's thread, and on helpers when there are more threads; with several
/// streams it is handed to threads of the runtime, which costs two changes of threads for each run.
public struct ExecutionPlan: Sendable, Hashable {
    /// How many runs go on at the same time.
    public let streams: Int
    /// How many threads all runs share.
    public let threads: Int
    /// The numbers that the network computes with.
    public let precision: InferencePrecision

    /// A plan for `streams` simultaneous runs on `threads` threads.
    ///
    /// - Precondition: there is at least one stream, and a thread for each.
    public init(streams: Int, threads: Int, precision: InferencePrecision = .float32) {
        precondition(streams >= 1 && threads >= streams, "every stream needs a thread")
        self.streams = streams
        self.threads = threads
        self.precision = precision
    }
}
