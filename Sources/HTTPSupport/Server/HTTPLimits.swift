/// What a client may ask of the server's memory and patience.
public struct HTTPLimits: Sendable, Hashable {
    /// The largest request body in bytes.
    public var maximumBodySize: Int
    /// How long a client may pause in the middle of a body.
    public var bodyIdleTimeout: Duration
    /// How long a whole body may take, from the request's head on.
    public var bodyDeadline: Duration
    /// How long a connection without a request stays open.
    public var connectionIdleTimeout: Duration
    /// How long the rest of a refused body is read and thrown away, so that the client gets to see the refusal.
    public var lingerTimeout: Duration
    /// What a client may ask once its connection is a WebSocket.
    public var webSocket: WebSocketLimits

    /// Limits; the defaults let a 24 MB photo through in base64 on a line of 2 Mbit/s.
    public init(
        maximumBodySize: Int = 32 << 20, bodyIdleTimeout: Duration = .seconds(15),
        bodyDeadline: Duration = .seconds(120), connectionIdleTimeout: Duration = .seconds(60),
        lingerTimeout: Duration = .seconds(5), webSocket: WebSocketLimits = WebSocketLimits()
    ) {
        self.maximumBodySize = maximumBodySize
        self.bodyIdleTimeout = bodyIdleTimeout
        self.bodyDeadline = bodyDeadline
        self.connectionIdleTimeout = connectionIdleTimeout
        self.lingerTimeout = lingerTimeout
        self.webSocket = webSocket
    }
}
