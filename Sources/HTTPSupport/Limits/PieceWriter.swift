import HTTPTypes
import Hummingbird
import NIOCore

/// Writes a body piece by piece, each when the client has taken most of those before.
///
/// A whole body is one write, which is over as soon as the connection has it in memory; nobody would know how long it
/// stays there. The connection learns that a client takes nothing when its event loop has seen the piece, so each piece
/// waits for that.
struct PieceWriter: ResponseBodyWriter {
    private static let size = 256 << 10

    private var whole: any ResponseBodyWriter
    private let eventLoop: any EventLoop

    init(_ whole: any ResponseBodyWriter, eventLoop: any EventLoop) {
        self.whole = whole
        self.eventLoop = eventLoop
    }

    @concurrent mutating func write(_ buffer: ByteBuffer) async throws {
        var rest = buffer
        while rest.readableBytes > 0, let piece = rest.readSlice(length: min(Self.size, rest.readableBytes)) {
            try await whole.write(piece)
            try await eventLoop.submit {}.get()
        }
    }

    @concurrent consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await whole.finish(trailingHeaders)
    }
}
