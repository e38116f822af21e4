import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Keeps a connection's place in the table of all; one that gets no place is answered 503 and closed.
///
/// It also bounds what arrives of a connection before anybody asks for it.
final class ConnectionLimitHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum State {
        case new
        case admitted(ConnectionTable.Ticket)
        /// The refusal was sent; what still comes is thrown away for a moment (see ``LingeringCloseHandler``).
        case refused
        case closed
    }

    /// The framework takes up to ten pieces before somebody reads them, each at most as large as this.
    private static let largestPiece = 16 << 10
    private static let farewellTime = TimeAmount.seconds(1)

    private let table: ConnectionTable
    private var state = State.new
    private var answersDue = 0
    private var timer: Scheduled<Void>?

    init(table: ConnectionTable) {
        self.table = table
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // One read at a time: 64 KiB of the shortest requests would be thousands of them.
        try? context.channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
        try? context.channel.syncOptions?.setOption(
            .recvAllocator,
            value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 2048, maximum: Self.largestPiece))
        if context.channel.isActive { enter(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        if case .new = state { enter(context) }
        if case .closed = state { return }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .refused = state { return }
        if case .admitted(let ticket) = state {
            switch unwrapInboundIn(data) {
            case .head:
                answersDue += 1
                if answersDue == 1 { table.begin(ticket) }
            case .body: break
            case .end: if answersDue > 0 { table.complete(ticket) }
            }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .refused = state {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        // A connection that becomes a WebSocket has something under way until its end.
        case .head(let head) where head.status == .switchingProtocols: answersDue += 1
        case .head, .body: break
        case .end:
            answersDue -= 1
            if answersDue == 0, case .admitted(let ticket) = state { table.end(ticket) }
        }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A refused client has understood.
        if case .refused = state, let event = event as? ChannelEvent, event == .inputClosed {
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    private func enter(_ context: ChannelHandlerContext) {
        let channel = context.channel
        switch table.enter(closing: { channel.close(promise: nil) }) {
        case .admitted(let ticket): state = .admitted(ticket)
        case .refused(hasFarewell: false):
            state = .closed
            context.close(promise: nil)
        case .refused(hasFarewell: true):
            state = .refused
            refuse(context)
        }
    }

    private func refuse(_ context: ChannelHandlerContext) {
        let text = #"{"error":"Too many connections"}"#
        let head = HTTPResponse(
            status: .serviceUnavailable,
            headerFields: [
                .connection: "close", .retryAfter: "1", .contentType: "application/json; charset=utf-8",
                .contentLength: "\(text.utf8.count)",
            ])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(string: text))), promise: nil)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: .output, promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.farewellTime) { context.close(promise: nil) }
    }

    private func leave() {
        timer?.cancel()
        timer = nil
        switch state {
        case .admitted(let ticket): table.leave(ticket)
        case .refused: table.leaveRefused()
        case .new, .closed: break
        }
        state = .closed
    }
}
