internal import CLibPQ

extension PostgresConnection {
    /// Streams the rows of a `COPY … TO STDOUT (FORMAT binary)`.
    ///
    /// Nothing is allocated per row beyond libpq's own buffer. When `body` throws, the rest is not read and the
    /// connection is of no more use.
    ///
    /// - Parameter body: reads one row, which it must not keep.
    /// - Returns: the number of rows.
    @discardableResult
    public func copyOut(
        _ sql: String, _ body: (borrowing CopyRow) throws(PostgresError) -> Void
    ) throws(PostgresError) -> Int {
        try channel.copyOut(sql, body)
    }
}

extension PostgresChannel {
    fileprivate func copyOut(
        _ sql: String, _ body: (borrowing CopyRow) throws(PostgresError) -> Void
    ) throws(PostgresError) -> Int {
        try beginCopy(sql, expecting: PGRES_COPY_OUT)
        var rows = 0
        var headerIsRead = false
        let layout = CopyLayout()
        do throws(PostgresError) {
            while let message = unsafe try nextCopyMessage() {
                defer { unsafe PQfreemem(message.baseAddress) }
                var rest = UnsafeRawBufferPointer(message)
                if !headerIsRead {
                    let header = unsafe CopyLayout.headerSize(of: rest)
                    unsafe rest = unsafe UnsafeRawBufferPointer(rebasing: rest.dropFirst(header))
                    headerIsRead = true
                }
                while unsafe !rest.isEmpty {
                    guard let size = unsafe layout.read(rest) else { throw .unexpectedAnswer("a torn row of COPY") }
                    // The trailer says −1 columns.
                    guard layout.count >= 0 else { break }
                    try body(unsafe CopyRow(bytes: rest, layout: layout))
                    rows += 1
                    unsafe rest = unsafe UnsafeRawBufferPointer(rebasing: rest.dropFirst(size))
                }
            }
        } catch {
            _ = lost()
            throw error
        }
        _ = try lastResult()
        return rows
    }

    func beginCopy(_ sql: String, expecting status: ExecStatusType) throws(PostgresError) {
        try checkSent(unsafe PQsendQuery(handle, sql))
        try flush()
        guard let result = unsafe try nextResult() else { throw lost() }
        let found = unsafe PQresultStatus(result)
        guard found != status else { return unsafe PQclear(result) }
        let failure =
            found == PGRES_FATAL_ERROR ? unsafe Self.error(of: result) : .unexpectedAnswer("the statement is no COPY")
        unsafe PQclear(result)
        while let result = unsafe try nextResult() { unsafe PQclear(result) }
        throw failure.isConnectionLoss ? lost() : failure
    }

    /// The next message of a copy, to be freed by the caller, or `nil` after the last.
    private func nextCopyMessage() throws(PostgresError) -> UnsafeMutableRawBufferPointer? {
        while true {
            var buffer: UnsafeMutablePointer<CChar>?
            let length = unsafe PQgetCopyData(handle, &buffer, 1)
            switch length {
            case 0: try receive(until: patience.map { .now + $0 })
            case 1...: return unsafe UnsafeMutableRawBufferPointer(start: buffer, count: Int(length))
            case -1: return nil
            default: throw lost()
            }
        }
    }
}
