public import Hummingbird

extension ServerContext {
    /// Smaller answers are not counted: sockets have room for them.
    private static let leastCounted = 64 << 10

    /// How large an answer may become that is put together in memory, in bytes.
    public var answerLimit: Int { answers.map { $0.capacity / 2 } ?? .max }

    /// The same answer, which takes its memory from the server's budget until the client has it.
    ///
    /// A dialect calls this where it can still answer a failure in its own form.
    ///
    /// - Throws: ``RequestFailure/overloaded`` when clients have not taken too many others yet.
    public func counted(_ response: Response) throws(RequestFailure) -> Response {
        guard let answers, let size = response.body.contentLength, size >= Self.leastCounted else { return response }
        let lease = ByteLease(of: answers)
        guard lease.grow(to: size) else { throw .overloaded }
        let (body, eventLoop) = (response.body, eventLoop)
        var counted = response
        counted.body = ResponseBody(contentLength: size) { writer in
            // Where nobody writes the body, the lease ends with it.
            defer { lease.release() }
            try await body.write(PieceWriter(writer, eventLoop: eventLoop))
        }
        return counted
    }
}
