import NIOCore
public import NIOHTTP1
import NIOPosix
import Synchronization

/// A small HTTP/1.1 client that keeps its connections open, as the server's clients do.
public final class HTTPClient: Sendable {
    /// Where the server listens on this machine.
    public let port: Int
    private let timeout: TimeAmount
    private let idle = Mutex<[any Channel]>([])

    /// A client of a server on this machine.
    ///
    /// - Parameter timeout: how long an answer may take.
    public init(port: Int, timeout: Duration = .seconds(60)) {
        self.port = port
        self.timeout = TimeAmount(timeout)
    }

    deinit {
        for channel in idle.withLock({ $0 }) { channel.close(promise: nil) }
    }

    /// Sends a request and returns the whole answer.
    ///
    /// - Parameter headers: sent as they are; `Host` and `Content-Length` are added unless given.
    public func request(
        _ method: HTTPMethod, _ path: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil
    ) async throws -> HTTPReply {
        let reused = idle.withLock { $0.popLast() }
        if let reused, reused.isActive {
            do {
                return try await exchange(method, path, headers, body, on: reused)
            } catch is ConnectionEnded {
                // The server may close an idle connection at any time; a new one decides.
            }
        }
        return try await exchange(method, path, headers, body, on: connect())
    }

    /// Posts a text, JSON as a rule.
    public func post(_ path: String, _ body: String, headers: HTTPHeaders = [:]) async throws -> HTTPReply {
        try await request(.POST, path, headers: headers, body: Array(body.utf8))
    }

    private func connect() async throws -> any Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(ExchangeHandler())
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    private func exchange(
        _ method: HTTPMethod, _ path: String, _ headers: HTTPHeaders, _ body: [UInt8]?, on channel: any Channel
    ) async throws -> HTTPReply {
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)
        if !headers.contains(name: "Host") { head.headers.add(name: "Host", value: "127.0.0.1:\(port)") }
        if let body, !headers.contains(name: "Content-Length"), !headers.contains(name: "Transfer-Encoding") {
            head.headers.add(name: "Content-Length", value: "\(body.count)")
        }
        let promise = channel.eventLoop.makePromise(of: HTTPReply.self)
        let limit = channel.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
        // A connection that has ended has no handler any more that could tell so.
        channel.writeAndFlush(Exchange(head: head, body: body, reply: promise)).whenFailure { _ in
            promise.fail(ConnectionEnded())
        }
        defer { limit.cancel() }
        let reply = try await promise.futureResult.get()
        if reply.headers["Connection"].contains(where: { $0.lowercased() == "close" }) {
            channel.close(promise: nil)
        } else {
            idle.withLock { $0.append(channel) }
        }
        return reply
    }
}

/// The connection ended before an answer was complete.
public struct ConnectionEnded: Error {}

/// One request with the place for its answer.
private struct Exchange: Sendable {
    let head: HTTPRequestHead
    let body: [UInt8]?
    let reply: EventLoopPromise<HTTPReply>
}

/// Writes one request at a time and collects its answer.
private final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = Exchange
    typealias OutboundOut = HTTPClientRequestPart

    private var waiting: EventLoopPromise<HTTPReply>?
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        waiting = exchange.reply
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        if let body = exchange.body {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(var part): body += part.readBytes(length: part.readableBytes) ?? []
        case .end:
            guard let head, let waiting else { return }
            self.waiting = nil
            waiting.succeed(HTTPReply(status: Int(head.status.code), headers: head.headers, body: body))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        waiting?.fail(ConnectionEnded())
        waiting = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
