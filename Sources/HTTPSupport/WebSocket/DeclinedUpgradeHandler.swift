import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends the connection with the answer to a request that asked for another protocol and did not get it.
///
/// The decoder leaves all bytes behind such a request to the protocol that was asked for, so no further request would
/// ever be read. `Connection: close` tells the client to come back on a new connection.
final class DeclinedUpgradeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var answersDue = 0
    /// Whether the last request that was read asked for another protocol; it is the last one of the connection, too.
    private var asksForUpgrade = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            answersDue += 1
            asksForUpgrade = head.headerFields.askForUpgrade
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where asksForUpgrade && answersDue == 1 && head.status.kind != .informational:
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .head, .body: context.write(data, promise: promise)
        case .end:
            answersDue -= 1
            context.write(data, promise: promise)
        }
    }
}
