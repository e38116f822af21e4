/// What clients may ask of the server's memory and patience.
public struct HTTPLimits: Sendable, Hashable {
    /// How many connections may be open.
    public var maximumConnections: Int
    /// How many of them may be WebSockets.
    public var maximumWebSockets: Int
    /// The largest request body in bytes.
    public var maximumBodySize: Int
    /// The memory for the bodies of all requests under way, in bytes; see ``ByteBudget``.
    public var bodyMemory: Int
    /// The memory for all answers that clients have not taken yet, in bytes.
    public var answerMemory: Int
    /// How long a request may wait for its turn, from its first byte on.
    public var requestDeadline: Duration
    /// How long a client may pause in the middle of a body.
    public var bodyIdleTimeout: Duration
    /// How long a whole body may take, from the request's head on.
    public var bodyDeadline: Duration
    /// How long a connection without a request stays open, and how often the speed is judged at which a client takes
    /// its answer.
    public var connectionIdleTimeout: Duration
    /// How long the rest of a refused body is read and thrown away, so that the client gets to see the refusal.
    public var lingerTimeout: Duration
    /// What a client may ask once its connection is a WebSocket.
    public var webSocket: WebSocketLimits

    /// Whether the memory for bodies has room for the largest one.
    public var hasMemoryForLargestBody: Bool {
        BodyReader.copies * maximumBodySize <= ByteBudget.roomForLargePieces(ofCapacity: bodyMemory)
    }

    /// Limits; the defaults let a 24 MB photo through in base64 on a line of 2 Mbit/s.
    public init(
        maximumConnections: Int = 1024, maximumWebSockets: Int = 128, maximumBodySize: Int = 32 << 20,
        bodyMemory: Int = 512 << 20, answerMemory: Int = 256 << 20, requestDeadline: Duration = .seconds(150),
        bodyIdleTimeout: Duration = .seconds(15), bodyDeadline: Duration = .seconds(120),
        connectionIdleTimeout: Duration = .seconds(60), lingerTimeout: Duration = .seconds(5),
        webSocket: WebSocketLimits = WebSocketLimits()
    ) {
        self.maximumConnections = maximumConnections
        self.maximumWebSockets = maximumWebSockets
        self.maximumBodySize = maximumBodySize
        self.bodyMemory = bodyMemory
        self.answerMemory = answerMemory
        self.requestDeadline = requestDeadline
        self.bodyIdleTimeout = bodyIdleTimeout
        self.bodyDeadline = bodyDeadline
        self.connectionIdleTimeout = connectionIdleTimeout
        self.lingerTimeout = lingerTimeout
        self.webSocket = webSocket
    }
}
