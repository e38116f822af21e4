import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Answers `Expect: 100-continue`, which the framework leaves unanswered.
///
/// curl waits a second for it before it sends a photo of more than a megabyte. A body that is announced to be too large,
/// or for which there is no memory, is not asked for; its refusal follows at once.
final class ContinueHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundOut = HTTPResponsePart

    private let maximumBodySize: Int
    private let memory: ByteBudget

    init(maximumBodySize: Int, memory: ByteBudget) {
        self.maximumBodySize = maximumBodySize
        self.memory = memory
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data),
            head.headerFields[.expect]?.lowercased() == "100-continue",
            case let size = head.headerFields[.contentLength].flatMap({ Int($0) }) ?? 0, size <= maximumBodySize,
            memory.hasRoom(for: BodyReader.copies * size)
        {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
        context.fireChannelRead(data)
    }
}
