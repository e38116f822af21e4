public import Logging
import Synchronization

/// What becomes known of a request on its way, for the one line that the log gets about it.
public final class RequestFacts: Sendable {
    private struct State {
        var bodySize = 0
        var hasWholeBody = false
        var metadata: Logger.Metadata = [:]
        var isRoutine = false
    }

    private let state = Mutex(State())

    /// Facts of a request that nothing is known of yet.
    public init() {}

    /// How many bytes of the request's body were read.
    public var bodySize: Int {
        get { state.withLock { $0.bodySize } }
        set { state.withLock { $0.bodySize = newValue } }
    }

    /// Whether the request's body was read to its end.
    var hasWholeBody: Bool {
        get { state.withLock { $0.hasWholeBody } }
        set { state.withLock { $0.hasWholeBody = newValue } }
    }

    /// Adds a fact to the log line; keys are dotted, values never hold pictures, embeddings or secrets.
    public subscript(key: String) -> Logger.MetadataValue? {
        get { state.withLock { $0.metadata[key] } }
        set { state.withLock { $0.metadata[key] = newValue } }
    }

    /// Whether nobody wants to read of the request: a health check or a scrape, which come every few seconds.
    public var isRoutine: Bool {
        get { state.withLock { $0.isRoutine } }
        set { state.withLock { $0.isRoutine = newValue } }
    }

    var metadata: Logger.Metadata { state.withLock { $0.metadata } }
}

extension Logger.MetadataValue {
    /// A duration in milliseconds with three digits behind the point.
    public static func milliseconds(_ duration: Duration) -> Logger.MetadataValue {
        .stringConvertible((duration / .microseconds(1)).rounded() / 1000)
    }
}
