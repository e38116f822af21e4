internal import CLibPQ

extension PostgresConnection {
    /// Writes rows with a `COPY … FROM STDIN (FORMAT binary)`: the quickest way to store many.
    ///
    /// - Parameter body: writes the rows; when it throws, none of them is stored.
    /// - Returns: the number of rows stored.
    @discardableResult
    public func copyIn(
        _ sql: String, _ body: (inout CopyWriter) throws(PostgresError) -> Void
    ) throws(PostgresError) -> Int {
        try channel.beginCopy(sql, expecting: PGRES_COPY_IN)
        var writer = CopyWriter(channel: channel)
        do throws(PostgresError) {
            try body(&writer)
            try writer.finish()
        } catch {
            if channel.isConnected { try channel.endCopy(failing: true) }
            throw error
        }
        return try channel.endCopy(failing: false)
    }
}

/// Takes the rows of a `COPY … FROM STDIN (FORMAT binary)`.
public struct CopyWriter: ~Copyable {
    private static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]
    private static let chunkSize = 1 << 16

    private let channel: PostgresChannel
    private var writer = BinaryWriter()

    init(channel: PostgresChannel) {
        self.channel = channel
        writer.append(contentsOf: Self.signature)
        // No flags, no header extension.
        writer.append(Int64(0))
    }

    /// Writes one row; the values must have exactly the types of the columns.
    public mutating func row(_ values: any PostgresValue...) throws(PostgresError) {
        writer.append(Int16(values.count))
        for value in values {
            if value.isNull {
                writer.append(Int32(-1))
            } else {
                try writer.appendSized { writer throws(PostgresError) in try value.encode(into: &writer) }
            }
        }
        if writer.bytes.count >= Self.chunkSize { try send() }
    }

    mutating func finish() throws(PostgresError) {
        writer.append(Int16(-1))
        try send()
    }

    private mutating func send() throws(PostgresError) {
        try channel.putCopy(writer.bytes)
        writer.bytes.removeAll(keepingCapacity: true)
    }
}

extension PostgresChannel {
    fileprivate var isConnected: Bool { unsafe PQstatus(handle) == CONNECTION_OK }

    fileprivate func putCopy(_ bytes: [UInt8]) throws(PostgresError) {
        while true {
            let taken = unsafe bytes.withUnsafeBytes { buffer in
                unsafe PQputCopyData(
                    handle, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
            }
            guard taken >= 0 else { throw lost() }
            try flush()
            if taken == 1 { return }
        }
    }

    @discardableResult
    fileprivate func endCopy(failing: Bool) throws(PostgresError) -> Int {
        while true {
            let ended = unsafe PQputCopyEnd(handle, failing ? "given up" : nil)
            guard ended >= 0 else { throw lost() }
            try flush()
            if ended == 1 { break }
        }
        do throws(PostgresError) {
            return try lastResult().affectedRows
        } catch {
            // The server answers a copy that was given up with an error; the caller knows a better one.
            if failing, case .statementFailed = error { return 0 }
            throw error
        }
    }
}
