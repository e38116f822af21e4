import NIOCore
import NIOHTTPTypes

/// Closes the connection of a client that takes its answer too slowly; what it has not taken stays in memory.
final class SlowReaderHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How many bytes per second a client takes at least, while there are some for it.
    private static let slowest = 16 << 10

    private let period: Duration
    /// All bytes that were written so far.
    private var written = 0
    private var timer: Scheduled<Void>?

    /// - Parameter period: how often the speed is judged.
    init(period: Duration) {
        self.period = period
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .body(let part) = unwrapOutboundIn(data) { written += part.readableBytes }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if !context.channel.isWritable, timer == nil { watch(context, from: taken(context)) }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    /// Looks after a period how much the client has taken since.
    private func watch(_ context: ChannelHandlerContext, from start: Int) {
        let least = Int(Double(Self.slowest) * (period / .seconds(1)))
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(period)) {
            self.timer = nil
            // Whoever has taken nearly everything waits for the server.
            guard !context.channel.isWritable else { return }
            let taken = self.taken(context)
            guard taken - start >= least else { return context.close(promise: nil) }
            self.watch(context, from: taken)
        }
    }

    /// How many bytes the client, or the system for it, has taken.
    private func taken(_ context: ChannelHandlerContext) -> Int {
        written - ((try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0)
    }
}
