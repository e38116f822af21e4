import HTTPSupport
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// A request to a method, with readers for its parts.
struct Call: Sendable {
    let request: Request
    let context: ServerContext
    var parameters: [String: String]
    let maximumBodySize: Int
    /// The body, where somebody had to read it already.
    var body: ByteBuffer?
    let notes = CallNotes()

    /// The segment of the path that a name stands for.
    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// The members of the JSON object in the body.
    ///
    /// - Throws: ``InvalidInput`` for another body.
    func fields() async throws -> FieldReader {
        let body = try await wholeBody()
        guard body.readableBytes > 0 else { throw InvalidInput(FieldFault(at: ["body"], .missing)) }
        do throws(JSONError) {
            return FieldReader(try JSONObject(body), at: ["body"])
        } catch {
            throw InvalidInput(FieldFault(at: ["body"], .json(error.description)))
        }
    }

    /// The query's parameters.
    var query: QueryReader { QueryReader(request) }

    func wholeBody() async throws -> ByteBuffer {
        if let body { return body }
        return try await request.wholeBody(upTo: maximumBodySize, in: context)
    }
}

/// What a handler lets the middleware know beside its answer or failure.
final class CallNotes: Sendable {
    private let scripted = Mutex(false)

    /// Whether a liveness score was one that a setting says.
    var hasScriptedLiveness: Bool {
        get { scripted.withLock { $0 } }
        set { scripted.withLock { $0 = newValue } }
    }
}
