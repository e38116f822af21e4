import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// One connection to a running server, for commands that ask it something.
struct ServerConnection: Sendable {
    /// What the server answered.
    struct Answer: Sendable {
        let status: Int
        let body: ByteBuffer
    }

    let host: String
    let port: Int

    /// Sends one request and returns the whole answer.
    func request(
        _ method: HTTPMethod, _ path: String, contentType: String? = nil, body: ByteBuffer? = nil
    ) async throws -> Answer {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(2))
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                        wrappingChannelSynchronously: channel)
                }
            }
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: path)
        head.headers.add(name: "Host", value: "\(host):\(port)")
        head.headers.add(name: "Connection", value: "close")
        head.headers.add(name: "Content-Length", value: "\(body?.readableBytes ?? 0)")
        if let contentType { head.headers.add(name: "Content-Type", value: contentType) }
        let request =
            [.head(head), body.map { .body(.byteBuffer($0)) }, .end(nil)].compactMap(\.self)
            as [HTTPClientRequestPart]
        return try await channel.executeThenClose { inbound, outbound in
            // A server may answer and close before it has read everything; what it answered counts.
            var failure: any Error = ChannelError.inputClosed
            do { try await outbound.write(contentsOf: request) } catch { failure = error }
            var status = 0
            var whole = ByteBuffer()
            for try await part in inbound {
                switch part {
                case .head(let head): status = Int(head.status.code)
                case .body(var bytes): whole.writeBuffer(&bytes)
                case .end: return Answer(status: status, body: whole)
                }
            }
            throw failure
        }
    }
}
