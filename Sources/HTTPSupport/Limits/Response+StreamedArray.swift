public import Hummingbird
import NIOCore

extension Response {
    /// An array in JSON of which the elements are made one by one, as the client takes them; so one of them is in memory,
    /// however many there are.
    ///
    /// An error on the way ends the connection: the client sees that the answer is incomplete.
    ///
    /// - Parameters:
    ///   - limit: behind so many bytes the array ends.
    ///   - json: the JSON text of an element.
    public static func streamedArray<Element: Sendable>(
        of elements: [Element], upTo limit: Int, in context: ServerContext,
        _ json: @escaping @Sendable (Element) async throws -> JSONWriter
    ) -> Response {
        let body = ResponseBody { writer in
            var size = 0
            try await writer.write(ByteBuffer(string: "["))
            for element in elements where size < limit {
                let text = try await json(element)
                let lease = context.answers.map { ByteLease(of: $0) }
                guard lease?.grow(to: text.byteCount) ?? true else { throw RequestFailure.overloaded }
                if size > 0 { try await writer.write(ByteBuffer(string: ",")) }
                for piece in text.pieces { try await writer.write(piece) }
                size += text.byteCount
                lease?.release()
            }
            try await writer.write(ByteBuffer(string: "]"))
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/json; charset=utf-8"], body: body)
    }
}
