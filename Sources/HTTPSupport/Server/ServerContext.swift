import Glibc
public import Hummingbird
import NIOCore

/// What belongs to one request, from the outermost middleware to the handler.
public struct ServerContext: RequestContext {
    /// The framework's part: logger, parameters.
    public var coreContext: CoreRequestContextStorage
    /// What the log line will tell; shared by all copies of the context.
    public let facts: RequestFacts
    /// Whether a dialect is to say that the server is not ready, though it may be.
    public var pretendsNotReady = false
    /// Whether the client asked by HEAD, so that nobody gets the body.
    public var isHeadOnly = false
    /// What the body takes of the memory for bodies; `nil`: nobody counts it.
    var bodyLease: ByteLease?
    /// The memory for answers; `nil`: nobody counts them.
    var answers: ByteBudget?
    private let channel: any Channel

    /// The thread that writes to the client.
    var eventLoop: any EventLoop { channel.eventLoop }

    /// A context for a request that has just arrived.
    public init(source: ApplicationRequestContextSource) {
        self.coreContext = .init(source: source)
        self.facts = RequestFacts()
        channel = source.channel
    }

    /// The address that the client calls from, without its port; that of a proxy, where there is one.
    public var clientAddress: String? { channel.remoteAddress?.ipAddress }

    /// Ends the connection with a reset instead of a farewell, as a crash or a firewall does.
    public func resetConnection() async {
        // With a linger time of zero close() throws unsent bytes away and sends RST (socket(7)).
        if let socket = channel as? any SocketOptionProvider {
            try? await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try? await channel.close()
    }
}
