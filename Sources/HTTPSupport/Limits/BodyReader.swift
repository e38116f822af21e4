public import Hummingbird
public import NIOCore

/// Reads the body of one request, a first part of it or the whole, within limits of size, time and memory.
public struct BodyReader {
    /// A body counts twice: as it came in, and as the pictures that are decoded from it.
    static let copies = 2

    private static let firstCapacity = 1 << 20

    private let context: ServerContext
    private let limit: Int
    private let announced: Int?
    private var parts: RequestBody.AsyncIterator
    private var bytes: ByteBuffer

    /// Whether the body has been read to its end.
    public private(set) var isComplete = false

    /// A reader; a body that is announced to be too large, or for which there is no memory, is refused before a byte of
    /// it is read.
    ///
    /// - Parameter limit: the largest size in bytes.
    /// - Throws: ``RequestFailure/bodyTooLarge(limit:)`` or ``RequestFailure/overloaded``.
    public init(_ request: Request, upTo limit: Int, in context: ServerContext) throws(RequestFailure) {
        self.context = context
        self.limit = limit
        announced = request.headers[.contentLength].flatMap { Int($0) }
        guard announced ?? 0 <= limit else { throw .bodyTooLarge(limit: limit) }
        guard context.bodyLease?.hasRoom(for: Self.copies * (announced ?? 0)) ?? true else { throw .overloaded }
        parts = request.body.makeAsyncIterator()
        // Not all that is announced: who sends nothing of it shall not take address space either.
        bytes = ByteBufferAllocator().buffer(capacity: min(announced ?? 0, Self.firstCapacity))
    }

    /// What has arrived when there are as many bytes, or the body has ended.
    ///
    /// - Throws: ``RequestFailure/bodyTooLarge(limit:)``, ``RequestFailure/bodyTooSlow``,
    ///   ``RequestFailure/bodyBrokenOff`` or ``RequestFailure/overloaded``.
    public mutating func first(_ count: Int) async throws(RequestFailure) -> ByteBuffer {
        try await read(count)
        return ByteBuffer(bytes: bytes.readableBytesView.prefix(count))
    }

    /// The whole body in one contiguous buffer.
    ///
    /// - Throws: see ``first(_:)``.
    public consuming func whole() async throws(RequestFailure) -> ByteBuffer {
        try await read(.max)
        return bytes
    }

    private mutating func read(_ count: Int) async throws(RequestFailure) {
        do {
            while !isComplete, bytes.readableBytes < count {
                guard let part = try await parts.next(isolation: #isolation) else {
                    isComplete = true
                    break
                }
                try add(part)
            }
        } catch let failure as RequestFailure {
            throw failure
        } catch is BodyTimeout {
            throw .bodyTooSlow
        } catch {
            throw .bodyBrokenOff
        }
        if isComplete {
            guard announced ?? bytes.readableBytes == bytes.readableBytes else { throw .bodyBrokenOff }
            context.facts.hasWholeBody = true
        }
    }

    private mutating func add(_ part: ByteBuffer) throws(RequestFailure) {
        var part = part
        context.facts.bodySize += part.readableBytes
        let size = bytes.readableBytes + part.readableBytes
        guard size <= limit else { throw .bodyTooLarge(limit: limit) }
        guard context.bodyLease?.grow(to: Self.copies * size) ?? true else { throw .overloaded }
        if bytes.capacity == 0 {
            swap(&bytes, &part)
        } else {
            bytes.writeBuffer(&part)
        }
    }
}

extension Request {
    /// The whole body in one contiguous buffer; see ``BodyReader``.
    ///
    /// - Parameter limit: the largest size in bytes.
    /// - Throws: ``RequestFailure/bodyTooLarge(limit:)``, ``RequestFailure/bodyTooSlow``,
    ///   ``RequestFailure/bodyBrokenOff`` or ``RequestFailure/overloaded``.
    public func wholeBody(upTo limit: Int, in context: ServerContext) async throws(RequestFailure) -> ByteBuffer {
        try await BodyReader(self, upTo: limit, in: context).whole()
    }
}
