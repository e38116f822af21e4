import NIOCore
import NIOWebSocket

/// A connection that has become a WebSocket, for use outside of its event loop.
struct WebSocketConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<WebSocketHandler>

    /// - Precondition: called on the channel's event loop.
    init(channel: any Channel, handler: WebSocketHandler) {
        self.channel = channel
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    }

    /// Sends every text of a stream, then closes the connection; returns when the connection has ended.
    ///
    /// - Returns: how many texts were sent.
    func send(_ messages: AsyncStream<String>) async -> Int {
        await withTaskGroup(of: Int.self) { group in
            group.addTask {
                var count = 0
                do {
                    for await message in messages {
                        try await send(message)
                        count += 1
                    }
                    channel.eventLoop.execute { handler.value.end(.normalClosure) }
                } catch {
                    // The connection ends; how, its handler decides.
                }
                return count
            }
            try? await channel.closeFuture.get()
            group.cancelAll()
            return await group.reduce(0, +)
        }
    }

    /// Waits for the system to take the text, so that a client that does not read holds up the stream.
    private func send(_ message: String) async throws {
        let written = channel.eventLoop.makePromise(of: Void.self)
        channel.eventLoop.execute { handler.value.send(message, written: written) }
        try await written.futureResult.get()
    }
}
