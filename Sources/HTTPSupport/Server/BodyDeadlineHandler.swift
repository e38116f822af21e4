import NIOCore
import NIOHTTPTypes

/// Gives up on a client that sends its body too slowly, so that stalled uploads do not pile up in memory.
///
/// Whoever reads the body then gets a ``BodyTimeout`` and can still answer.
final class BodyDeadlineHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let idleTimeout: TimeAmount
    private let deadline: TimeAmount
    private var start = NIODeadline.now()
    private var lastRead = NIODeadline.now()
    private var check: Scheduled<Void>?

    init(idleTimeout: Duration, deadline: Duration) {
        self.idleTimeout = TimeAmount(idleTimeout)
        self.deadline = TimeAmount(deadline)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            start = .now()
            lastRead = start
            schedule(context)
        case .body: lastRead = .now()
        case .end: cancel()
        }
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancel() }

    private var limit: NIODeadline { min(start + deadline, lastRead + idleTimeout) }

    /// One timer runs per body; it is set anew when it fires, not with every packet.
    private func schedule(_ context: ChannelHandlerContext) {
        check?.cancel()
        check = context.eventLoop.assumeIsolated().scheduleTask(deadline: limit) {
            self.check = nil
            if NIODeadline.now() >= self.limit {
                context.fireErrorCaught(BodyTimeout())
            } else {
                self.schedule(context)
            }
        }
    }

    private func cancel() {
        check?.cancel()
        check = nil
    }
}

/// A client took too long to send its body.
struct BodyTimeout: Error {}
