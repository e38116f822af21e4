import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Recognition
import Synchronization

/// Watches every request that is meant for a dialect, and breaks those that are to break.
struct InterceptionMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    /// What operators ask is neither journalled nor broken.
    private static let untouched: Set<String> = ["/healthz", "/readyz", "/metrics"]
    /// Of a longer body, which every dialect refuses, the rest is not kept.
    private static let longestBody = 64 << 20

    let tools: EmulatorTools

    func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        guard !Self.untouched.contains(request.uri.path) else { return try await next(request, context) }
        let start = ContinuousClock.now
        let method = Self.method(of: request)
        let orders = tools.faults.orders(for: method)
        let trace = RecognitionTrace()
        let body = Mutex(ByteBuffer())
        let verb = context.isHeadOnly ? "HEAD" : request.method.rawValue
        let fields = JournalledFields(path: request.uri.path)
        var entry = JournalEntry(
            requestID: context.logger[metadataKey: "hb.request.id"].map { "\($0)" } ?? "", time: tools.clock.now(),
            verb: verb, path: LoggedAddress.target(request.uri.description),
            method: LoggedAddress.path(method), fields: "{}", status: 0, answer: "null", duration: .zero,
            faults: orders.names, trace: trace)
        defer {
            entry.duration = ContinuousClock.now - start
            entry.fields = fields.request(body.withLock { $0 })
            tools.journal.add(entry)
        }
        if orders.delay > .zero { try await Task.sleep(for: orders.delay) }
        var watched = request
        watched.body = request.body.watched { part in
            body.withLock { whole in
                guard whole.readableBytes <= Self.longestBody else { return }
                _ = whole.writeImmutableBuffer(part)
            }
        }
        var context = context
        switch orders.kind {
        case .reset:
            try await watched.body.drain()
            await context.resetConnection()
            throw RequestFailure.bodyBrokenOff
        case .status(let code, let text):
            try await watched.body.drain()
            entry.status = code
            entry.answer = fields.answer(Array(text.utf8))
            return Response(
                status: .init(code: code), headers: [.contentType: "application/json; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        case .notReady: context.pretendsNotReady = true
        case .malformedJSON, .truncated, .delay, nil: break
        }
        let answered = context
        let passed = watched
        var response: Response
        do {
            response = try await RecognitionTrace.$current.withValue(trace) { try await next(passed, answered) }
        } catch {
            entry.status = RequestFailure(error).status.code
            throw error
        }
        entry.status = response.status.code
        let answer = try await response.body.collected()
        entry.answer = fields.answer(Array(answer.readableBytesView))
        response.body =
            switch orders.kind {
            case .malformedJSON: ResponseBody(byteBuffer: answer.withoutEnd)
            case .truncated: .brokenOff(answer)
            default: ResponseBody(byteBuffer: answer)
            }
        return response
    }

    /// The name of the Face Intellect method, or the path.
    private static func method(of request: Request) -> String {
        let segments = request.uri.path.split(separator: "/").map(String.init)
        guard let mount = segments.firstIndex(where: { $0.lowercased() == "firserver" }), mount + 1 < segments.count
        else { return request.uri.path }
        return segments[mount + 1]
    }
}

extension ByteBuffer {
    /// All but the last byte, without which no JSON object is one.
    fileprivate var withoutEnd: ByteBuffer { getSlice(at: readerIndex, length: max(0, readableBytes - 1)) ?? self }
}
