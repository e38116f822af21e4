public import Hummingbird

/// What belongs to one request, from the outermost middleware to the handler.
public struct ServerContext: RequestContext {
    /// The framework's part: logger, parameters.
    public var coreContext: CoreRequestContextStorage
    /// What the log line will tell; shared by all copies of the context.
    public let facts: RequestFacts

    /// A context for a request that has just arrived.
    public init(source: ApplicationRequestContextSource) {
        self.coreContext = .init(source: source)
        self.facts = RequestFacts()
    }
}
