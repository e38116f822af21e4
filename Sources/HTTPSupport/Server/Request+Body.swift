public import Hummingbird
public import NIOCore

extension Request {
    /// The whole body in one contiguous buffer.
    ///
    /// A body that is announced to be too large is refused before a byte of it is read.
    ///
    /// - Parameter limit: the largest size in bytes.
    /// - Throws: ``RequestFailure/bodyTooLarge(limit:)``, ``RequestFailure/bodyTooSlow`` or
    ///   ``RequestFailure/bodyBrokenOff``.
    public func wholeBody(upTo limit: Int, in context: ServerContext) async throws(RequestFailure) -> ByteBuffer {
        let announced = headers[.contentLength].flatMap { Int($0) }
        guard announced ?? 0 <= limit else { throw .bodyTooLarge(limit: limit) }
        var whole = ByteBufferAllocator().buffer(capacity: announced ?? 0)
        do {
            for try await var part in body {
                context.facts.bodySize += part.readableBytes
                guard whole.readableBytes + part.readableBytes <= limit else {
                    throw RequestFailure.bodyTooLarge(limit: limit)
                }
                if whole.capacity == 0 {
                    swap(&whole, &part)
                } else {
                    whole.writeBuffer(&part)
                }
            }
        } catch let failure as RequestFailure {
            throw failure
        } catch is BodyTimeout {
            throw .bodyTooSlow
        } catch {
            throw .bodyBrokenOff
        }
        guard announced ?? whole.readableBytes == whole.readableBytes else { throw .bodyBrokenOff }
        return whole
    }
}
