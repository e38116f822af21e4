import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

extension RequestBody {
    /// Reads the body to its end for those who watch it.
    func drain() async throws {
        for try await _ in self {}
    }

    /// The same body; `watch` sees each part as somebody reads it.
    func watched(_ watch: @escaping @Sendable (ByteBuffer) -> Void) -> RequestBody {
        RequestBody(
            asyncSequence: map { part in
                watch(part)
                return part
            })
    }
}

extension ResponseBody {
    private struct BrokenOff: Error {}

    /// The whole body.
    consuming func collected() async throws -> ByteBuffer {
        let whole = Whole()
        try await write(Collector(whole: whole))
        return whole.buffer.withLock { $0 }
    }

    /// A body that announces all of its bytes, sends half and ends the connection.
    static func brokenOff(_ whole: ByteBuffer) -> ResponseBody {
        ResponseBody(contentLength: whole.readableBytes) { writer in
            if let half = whole.getSlice(at: whole.readerIndex, length: whole.readableBytes / 2) {
                try await writer.write(half)
            }
            throw BrokenOff()
        }
    }
}

private final class Whole: Sendable {
    let buffer = Mutex(ByteBuffer())
}

/// Takes a body instead of the network.
private struct Collector: ResponseBodyWriter {
    let whole: Whole

    func write(_ part: ByteBuffer) { whole.buffer.withLock { buffer in _ = buffer.writeImmutableBuffer(part) } }

    consuming func finish(_ trailingHeaders: HTTPFields?) {}
}
