import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket

extension Channel {
    /// Answers 101 with these headers and puts the frames of RFC 6455 in the place of HTTP.
    ///
    /// - Precondition: the channel is one of the framework's HTTP/1.1, and all requests before have been answered.
    func becomeWebSocket(headers: HTTPFields, limits: WebSocketLimits) async throws -> WebSocketConnection {
        try await eventLoop.flatSubmit {
            // The decoder goes first: it keeps what comes behind the request for itself. A client has to wait for the
            // answer before it sends anything, so nothing is lost with it.
            self.remove(ByteToMessageHandler<HTTPRequestDecoder>.self).assumeIsolated().flatMapThrowing {
                let pipeline = self.pipeline.syncOperations
                let response = HTTPResponse(status: .switchingProtocols, headerFields: headers)
                pipeline.write(NIOAny(HTTPResponsePart.head(response)), promise: nil)
                pipeline.writeAndFlush(NIOAny(HTTPResponsePart.end(nil)), promise: nil)
                let handler = WebSocketHandler(limits: limits)
                let decoder = WebSocketFrameDecoder(maxFrameSize: limits.maximumFrameSize)
                try pipeline.addHandlers(
                    [WebSocketFrameEncoder(), ByteToMessageHandler(decoder), handler],
                    position: .after(pipeline.handler(type: HTTPResponseEncoder.self)))
                _ = self.remove(HTTPResponseEncoder.self)
                _ = self.remove(HTTP1ToHTTPServerCodec.self)
                _ = self.remove(ContinueHandler.self)
                _ = self.remove(BodyDeadlineHandler.self)
                _ = self.remove(LingeringCloseHandler.self)
                _ = self.remove(DeclinedUpgradeHandler.self)
                _ = self.remove(HTTPConnectionStateHandler.self)
                return WebSocketConnection(channel: self, handler: handler)
            }.nonisolated()
        }.get()
    }

    private func remove<Handler: RemovableChannelHandler>(_ type: Handler.Type) -> EventLoopFuture<Void> {
        do {
            let pipeline = pipeline.syncOperations
            return try pipeline.removeHandler(context: pipeline.context(handlerType: type))
        } catch {
            return eventLoop.makeFailedFuture(error)
        }
    }
}
