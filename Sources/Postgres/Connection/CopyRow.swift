/// Where the fields of the current row of a copy lie; one object serves all rows.
@safe final class CopyLayout {
    private(set) var count = 0
    private var starts: [Int] = []
    private var lengths: [Int] = []

    /// The size of the header: signature, flags, and an extension of a length of its own.
    static func headerSize(of bytes: UnsafeRawBufferPointer) -> Int {
        let fixed = 19
        let extra: Int32 = unsafe RawSpan(_unsafeBytes: bytes).bigEndian(at: fixed - 4) ?? 0
        return min(bytes.count, fixed + max(0, Int(extra)))
    }

    /// Finds the fields of the row at the start of `bytes`.
    ///
    /// - Returns: the size of the row, or `nil` when the bytes end before it does.
    func read(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let span = unsafe RawSpan(_unsafeBytes: bytes)
        guard let columns: Int16 = span.bigEndian() else { return nil }
        count = Int(columns)
        if starts.count < count {
            starts = Array(repeating: 0, count: count)
            lengths = starts
        }
        var offset = 2
        for column in 0..<max(0, count) {
            guard let length: Int32 = span.bigEndian(at: offset) else { return nil }
            offset += 4
            starts[column] = offset
            lengths[column] = Int(length)
            offset += max(0, Int(length))
            guard offset <= bytes.count else { return nil }
        }
        return offset
    }

    /// The range of a field, or `nil` for NULL.
    func range(_ column: Int) -> Range<Int>? {
        precondition(column >= 0 && column < count, "the copy has no such column")
        return lengths[column] < 0 ? nil : starts[column]..<starts[column] + lengths[column]
    }
}

/// One row of a COPY, lent for the length of a closure.
@safe public struct CopyRow: ~Copyable {
    private let bytes: UnsafeRawBufferPointer
    private let layout: CopyLayout

    init(bytes: UnsafeRawBufferPointer, layout: CopyLayout) {
        unsafe self.bytes = unsafe bytes
        self.layout = layout
    }

    /// The number of fields.
    public var count: Int { layout.count }

    /// The bytes of a field where they lie, or `nil` for NULL.
    ///
    /// - Precondition: there is such a column.
    public func withBytes<R>(
        _ column: Int, _ body: (RawSpan) throws(PostgresError) -> R
    ) throws(PostgresError) -> R? {
        guard let range = layout.range(column) else { return nil }
        return try body(unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[range])))
    }

    /// Reads a field.
    ///
    /// A COPY does not say types: the statement must name columns of the right one.
    ///
    /// - Throws: ``PostgresError/decodingFailed(column:reason:)``.
    /// - Precondition: there is such a column.
    public func decode<T: PostgresValue>(_ column: Int, as type: T.Type = T.self) throws(PostgresError) -> T {
        let value: T?
        if let range = layout.range(column) {
            value = T.decode(
                unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[range])), type: T.postgresType)
        } else {
            value = T.decodeNull()
        }
        guard let value else { throw .decodingFailed(column: "\(column)", reason: "the bytes are no \(T.self)") }
        return value
    }
}
