public import HTTPTypes

/// A path where clients ask for a WebSocket (RFC 6455) and are sent messages as they come up.
///
/// Whatever clients send in it is read and ignored: it is a line for pushing, not for talking.
public struct WebSocketRoute: Sendable {
    /// What becomes of a request for a WebSocket.
    public enum Decision: Sendable {
        /// This route is not meant; others are asked, and in the end the router answers as to any other request.
        case pass
        /// The connection becomes a WebSocket.
        case upgrade
        /// The answer is this status with these headers and the body `{}`.
        case refuse(HTTPResponse.Status, HTTPFields)
    }

    let decide: @Sendable (_ request: HTTPRequest, _ clientAddress: String?) async -> Decision
    let messages: @Sendable (HTTPRequest) -> AsyncStream<String>

    /// A route.
    ///
    /// - Parameters:
    ///   - decide: says whether a request is meant for this route and may have what it asks for; it is told the client's
    ///     address, where that is known.
    ///   - messages: the texts to send, called once per WebSocket. Its end closes the WebSocket; when the client leaves
    ///     first, the stream is cancelled. The next element is taken when the last one is on its way, so a bounded
    ///     buffering policy bounds what a slow client costs.
    public init(
        decide: @escaping @Sendable (_ request: HTTPRequest, _ clientAddress: String?) async -> Decision,
        messages: @escaping @Sendable (HTTPRequest) -> AsyncStream<String>
    ) {
        self.decide = decide
        self.messages = messages
    }
}
