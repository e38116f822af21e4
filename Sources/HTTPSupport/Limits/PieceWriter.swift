import HTTPTypes
import Hummingbird
import NIOCore

/// Writes a body piece by piece, each when the client has taken most of those before.
///
/// A whole body is one write, which is over as soon as the connection has it in memory; nobody would know how long it
/// stays there.
struct PieceWriter: ResponseBodyWriter {
    private static let size = 64 << 10

    private var whole: any ResponseBodyWriter

    init(_ whole: any ResponseBodyWriter) { self.whole = whole }

    @concurrent mutating func write(_ buffer: ByteBuffer) async throws {
        var rest = buffer
        while rest.readableBytes > 0, let piece = rest.readSlice(length: min(Self.size, rest.readableBytes)) {
            try await whole.write(piece)
        }
    }

    @concurrent consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await whole.finish(trailingHeaders)
    }
}
