/// What a client of a WebSocket may ask of the server's memory and patience.
public struct WebSocketLimits: Sendable, Hashable {
    /// The largest frame that a client may send, in bytes.
    public var maximumFrameSize: Int
    /// How long a client may be silent before it is asked for a sign of life.
    public var pingInterval: Duration
    /// How long a client may be silent before it is given up.
    public var silenceLimit: Duration
    /// How long the server waits for its farewell to be sent and answered.
    public var closeTimeout: Duration

    /// Limits.
    public init(
        maximumFrameSize: Int = 64 << 10, pingInterval: Duration = .seconds(30), silenceLimit: Duration = .seconds(90),
        closeTimeout: Duration = .seconds(2)
    ) {
        self.maximumFrameSize = maximumFrameSize
        self.pingInterval = pingInterval
        self.silenceLimit = silenceLimit
        self.closeTimeout = closeTimeout
    }
}
