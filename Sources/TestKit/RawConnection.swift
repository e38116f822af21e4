import NIOCore
import NIOPosix
import Synchronization

/// A bare TCP connection, for requests that no HTTP client would send.
public final class RawConnection: Sendable {
    private let channel: any Channel
    private let inbox: Inbox

    private init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    deinit { channel.close(promise: nil) }

    /// Connects to a port of this machine.
    public static func connect(port: Int) async throws -> RawConnection {
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(InboxHandler(inbox))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawConnection(channel: channel, inbox: inbox)
    }

    /// Sends a text as it is.
    public func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    /// Sends bytes as they are.
    public func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Everything that has arrived so far.
    public var received: String { String(decoding: receivedBytes, as: UTF8.self) }

    /// Everything that has arrived so far, as bytes.
    public var receivedBytes: [UInt8] { inbox.state.withLock { $0.bytes } }

    /// Whether the server has closed its side.
    public var isClosed: Bool { inbox.state.withLock { $0.isClosed } }

    /// Waits until the server has sent a text or closed its side.
    ///
    /// - Returns: whether the text arrived in time.
    public func waits(for text: String, within limit: Duration = .seconds(60)) async throws -> Bool {
        try await waits(within: limit) { self.received.contains(text) || self.isClosed }
        return received.contains(text)
    }

    /// Waits until the server has sent as many bytes in all, or closed its side.
    ///
    /// - Returns: all that has arrived.
    public func bytes(count: Int, within limit: Duration = .seconds(60)) async throws -> [UInt8] {
        try await waits(within: limit) { self.receivedBytes.count >= count || self.isClosed }
        return receivedBytes
    }

    /// Waits until the server has closed its side.
    ///
    /// - Returns: whether it did in time.
    public func waitsForClose(within limit: Duration = .seconds(60)) async throws -> Bool {
        try await waits(within: limit) { self.isClosed }
        return isClosed
    }

    /// Reads nothing any more, so that what the server sends piles up.
    public func pause() async throws { try await channel.setOption(.autoRead, value: false).get() }

    /// Closes the connection.
    public func close() async { try? await channel.close().get() }

    private func waits(within limit: Duration, until isDone: () -> Bool) async throws {
        let end = ContinuousClock.now + limit
        while !isDone(), ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(5)) }
    }
}

private final class Inbox: Sendable {
    let state = Mutex((bytes: [UInt8](), isClosed: false))
}

private final class InboxHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inbox: Inbox

    init(_ inbox: Inbox) {
        self.inbox = inbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        inbox.state.withLock { $0.bytes += Array(buffer: buffer) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { inbox.state.withLock { $0.isClosed = true } }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) { inbox.state.withLock { $0.isClosed = true } }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
