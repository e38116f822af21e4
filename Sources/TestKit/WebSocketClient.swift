import NIOCore
public import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization

/// A small WebSocket client that collects the texts which the server sends.
///
/// It checks the server's proof of the handshake, and answers pings and farewells as a browser does.
public final class WebSocketClient: Sendable {
    /// What came of asking for a WebSocket.
    public enum Answer: Sendable {
        /// The connection is a WebSocket.
        case connected(WebSocketClient)
        /// The server gave this answer instead.
        case refused(HTTPReply)
    }

    /// Why there is no next text.
    public enum Ending: Error, Equatable {
        /// The server closed with this code, or without any.
        case closed(code: Int?)
        /// No text came in time.
        case timeout
    }

    private let channel: any Channel
    private let inbox: WebSocketInbox

    private init(channel: any Channel, inbox: WebSocketInbox) {
        self.channel = channel
        self.inbox = inbox
    }

    deinit { channel.close(promise: nil) }

    /// Asks a server on this machine for a WebSocket.
    ///
    /// - Parameter headers: sent as they are, beside those of the handshake.
    public static func connect(port: Int, path: String, headers: HTTPHeaders = [:]) async throws -> Answer {
        let inbox = WebSocketInbox()
        let answer = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: HTTPReply?.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let upgrader = NIOWebSocketClientUpgrader(maxFrameSize: 1 << 26) { channel, _ in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(WebSocketInboxHandler(inbox))
                            answer.succeed(nil)
                        }
                    }
                    let plain = WebSocketAnswerHandler(answer)
                    let bound = NIOLoopBound(plain, eventLoop: channel.eventLoop)
                    try channel.pipeline.syncOperations.addHTTPClientHandlers(
                        withClientUpgrade: (
                            upgraders: [upgrader],
                            completionHandler: { $0.pipeline.syncOperations.removeHandler(bound.value, promise: nil) }
                        ))
                    try channel.pipeline.syncOperations.addHandler(plain)
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
        head.headers.add(name: "Host", value: "127.0.0.1:\(port)")
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        let limit = channel.eventLoop.scheduleTask(in: .seconds(60)) { channel.close(promise: nil) }
        defer { limit.cancel() }
        guard let reply = try await answer.futureResult.get() else {
            return .connected(WebSocketClient(channel: channel, inbox: inbox))
        }
        channel.close(promise: nil)
        return .refused(reply)
    }

    /// The next text of the server.
    ///
    /// - Throws: ``Ending`` when there is none.
    public func next(within limit: Duration = .seconds(60)) async throws -> String {
        let end = ContinuousClock.now + limit
        while true {
            if let text = inbox.state.withLock({ $0.texts.popFirst() }) { return text }
            if let code = inbox.state.withLock({ $0.end }) { throw Ending.closed(code: code) }
            guard ContinuousClock.now < end else { throw Ending.timeout }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits until the connection has ended.
    ///
    /// - Returns: the code that the server closed with; `nil` when it gave none.
    /// - Throws: ``Ending/timeout``.
    public func closeCode(within limit: Duration = .seconds(60)) async throws -> Int? {
        let end = ContinuousClock.now + limit
        while true {
            if let code = inbox.state.withLock({ $0.end }) { return code }
            guard ContinuousClock.now < end else { throw Ending.timeout }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Sends a text.
    public func send(_ text: String) async throws { try await send(.text, ByteBuffer(string: text)) }

    /// Says farewell and waits until the server has closed the connection.
    public func close() async throws {
        var content = ByteBuffer()
        content.write(webSocketErrorCode: .normalClosure)
        try? await send(.connectionClose, content)
        try await channel.closeFuture.get()
    }

    /// Cuts the connection without a farewell, as a client that crashes.
    public func abandon() async { try? await channel.close().get() }

    private func send(_ opcode: WebSocketOpcode, _ content: ByteBuffer) async throws {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: content)
        try await channel.writeAndFlush(frame).get()
    }
}

private final class WebSocketInbox: Sendable {
    struct State {
        var texts: ArraySlice<String> = []
        var code: Int?
        /// Set when the connection has ended, to the code that it ended with.
        var end: Int??
    }

    let state = Mutex(State())
}

/// Collects texts and does what the protocol asks for.
private final class WebSocketInboxHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let inbox: WebSocketInbox

    init(_ inbox: WebSocketInbox) {
        self.inbox = inbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text: inbox.state.withLock { $0.texts.append(String(buffer: frame.data)) }
        case .ping: answer(.pong, frame.data, context)
        case .connectionClose:
            inbox.state.withLock {
                $0.code = frame.data.getInteger(at: frame.data.readerIndex, as: UInt16.self).map(Int.init)
            }
            answer(.connectionClose, frame.data, context)
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) { inbox.state.withLock { $0.end = .some($0.code) } }

    private func answer(_ opcode: WebSocketOpcode, _ content: ByteBuffer, _ context: ChannelHandlerContext) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: content)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }
}

/// Collects the answer of a server that does not make the connection a WebSocket.
private final class WebSocketAnswerHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let answer: EventLoopPromise<HTTPReply?>
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []

    init(_ answer: EventLoopPromise<HTTPReply?>) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let part): body += Array(buffer: part)
        case .end:
            guard let head else { return }
            answer.succeed(HTTPReply(status: Int(head.status.code), headers: head.headers, body: body))
        }
    }

    func channelInactive(context: ChannelHandlerContext) { answer.fail(ConnectionEnded()) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
