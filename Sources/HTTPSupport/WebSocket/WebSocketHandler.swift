import NIOCore
import NIOWebSocket

/// The server's end of a WebSocket: sends texts, answers pings, watches over silence and closes in good order.
final class WebSocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private enum State {
        case open
        /// The farewell is being sent.
        case leaving
        /// The farewell was sent, and the client's is awaited.
        case left
    }

    private let limits: WebSocketLimits
    private var context: ChannelHandlerContext?
    private var state = State.open
    private var rules = WebSocketFrameRules()
    /// Whether the client said farewell or closed its side.
    private var isClientGone = false
    private var lastHeard = NIODeadline.now()
    private var lastPing = NIODeadline.now()
    private var timer: Scheduled<Void>?
    private var isPongUnderWay = false
    private var nextPong: ByteBuffer?

    init(limits: WebSocketLimits) {
        self.limits = limits
    }

    /// Sends a text.
    ///
    /// - Parameter written: kept when the system has taken the text, which it does when the client reads.
    func send(_ text: String, written: EventLoopPromise<Void>) {
        guard let context, state == .open else { return written.fail(ChannelError.outputClosed) }
        context.writeAndFlush(frame(.text, ByteBuffer(string: text)), promise: written)
    }

    /// Says farewell, waits for the client's for a moment, and closes the connection.
    func end(_ code: WebSocketErrorCode) { leave(code) { self.closeIfClientIsGone($0) } }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        lastHeard = .now()
        watch(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastHeard = .now()
        let action = rules.action(for: unwrapInboundIn(data))
        switch (action, state) {
        case (.nothing, _), (.pong, .leaving), (.pong, .left): break
        case (.pong(let content), .open): pong(content, context)
        case (.farewell(let code), .open):
            isClientGone = true
            leave(code) { self.closeIfClientIsGone($0) }
        case (.farewell, _), (.fail, .leaving), (.fail, .left):
            isClientGone = true
            closeIfClientIsGone(context)
        case (.fail(let code), .open): fail(code)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch (error as? NIOWebSocketError, state) {
        case (.invalidFrameLength, .open): fail(.messageTooLarge)
        case (.some, .open): fail(.protocolError)
        case (nil, .open): context.close(promise: nil)
        // What comes after a broken frame cannot be understood and does not matter.
        case (_, .leaving), (_, .left): break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: end(.goingAway)
        case ChannelEvent.inputClosed:
            isClientGone = true
            if state != .leaving { context.close(promise: nil) }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// Says farewell to a client that broke the rules and closes the sending side, then waits for the client to close.
    ///
    /// Closing at once would make what it still sends destroy the farewell; see ``LingeringCloseHandler``.
    private func fail(_ code: WebSocketErrorCode) {
        leave(code) { context in
            context.close(mode: .output, promise: nil)
            self.closeIfClientIsGone(context)
        }
    }

    private func leave(_ code: WebSocketErrorCode?, then next: @escaping (ChannelHandlerContext) -> Void) {
        guard let context, state == .open else { return }
        state = .leaving
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.closeTimeout)) {
            context.close(promise: nil)
        }
        var content = ByteBuffer()
        if let code { content.write(webSocketErrorCode: code) }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in
            self.state = .left
            next(context)
        }
        context.writeAndFlush(frame(.connectionClose, content), promise: written)
    }

    private func closeIfClientIsGone(_ context: ChannelHandlerContext) {
        if isClientGone, state == .left { context.close(promise: nil) }
    }

    /// One pong is under way at a time; of the pings meanwhile only the last is answered (RFC 6455, section 5.5.3), so
    /// that a client which sends pings and reads nothing costs no memory.
    private func pong(_ content: ByteBuffer, _ context: ChannelHandlerContext) {
        guard !isPongUnderWay else {
            nextPong = content
            return
        }
        isPongUnderWay = true
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in
            self.isPongUnderWay = false
            guard let content = self.nextPong, self.state == .open else { return }
            self.nextPong = nil
            self.pong(content, context)
        }
        context.writeAndFlush(frame(.pong, content), promise: written)
    }

    /// Pings a silent client and gives up one that stays silent; called whenever one of the two may be due.
    private func watch(_ context: ChannelHandlerContext) {
        let end = lastHeard + TimeAmount(limits.silenceLimit)
        guard .now() < end else { return context.close(promise: nil) }
        var nextPing: NIODeadline { max(lastHeard, lastPing) + TimeAmount(limits.pingInterval) }
        if .now() >= nextPing {
            lastPing = .now()
            context.writeAndFlush(frame(.ping, ByteBuffer()), promise: nil)
        }
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: min(nextPing, end)) { self.watch(context) }
    }

    private func frame(_ opcode: WebSocketOpcode, _ content: ByteBuffer) -> NIOAny {
        wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: content))
    }
}
