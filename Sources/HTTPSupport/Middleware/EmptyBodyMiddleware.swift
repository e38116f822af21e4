import HTTPTypes
public import Hummingbird
import NIOCore
import Synchronization

/// Sees to it that an answer has no body where HTTP allows none, and that HEAD works wherever GET does.
///
/// The bytes of such a body would be taken for the next answer of the connection (RFC 9110, sections 6.4.1 and 9.3.2).
/// HEAD is carried out as GET, and so the answer has the headers of GET, its `Content-Length` among them; nobody behind
/// this middleware needs to know the verb.
public struct EmptyBodyMiddleware: RouterMiddleware {
    /// The context that it works in.
    public typealias Context = ServerContext

    /// The middleware.
    public init() {}

    /// Passes the request on, HEAD as GET, and takes the body away where there must be none.
    public func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var (request, context) = (request, context)
        if request.method == .head {
            var head = request.head
            head.method = .get
            request = Request(head: head, body: request.body)
            context.isHeadOnly = true
        }
        var response = try await next(request, context)
        guard context.isHeadOnly || !response.status.allowsBody else { return response }
        let length = try await response.body.length()
        response.body = ResponseBody()
        response.headers[.contentLength] = response.status.allowsBody ? String(length) : nil
        return response
    }
}

extension HTTPResponse.Status {
    /// Whether an answer with this status can have a body.
    fileprivate var allowsBody: Bool { kind != .informational && self != .noContent && self != .notModified }
}

extension ResponseBody {
    /// The number of bytes; a body that does not know it is written to nowhere.
    fileprivate consuming func length() async throws -> Int {
        if let contentLength { return contentLength }
        let count = ByteCount()
        try await write(CountingWriter(count: count))
        return count.value
    }
}

/// A number that one writer after the other adds to.
private final class ByteCount: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    func add(_ bytes: Int) { count.withLock { $0 += bytes } }
}

/// Takes a body instead of the network.
private struct CountingWriter: ResponseBodyWriter {
    let count: ByteCount

    func write(_ part: ByteBuffer) { count.add(part.readableBytes) }

    consuming func finish(_ trailingHeaders: HTTPFields?) {}
}
