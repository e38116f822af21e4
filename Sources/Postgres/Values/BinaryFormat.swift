/// Bytes in the making, big-endian as PostgreSQL's binary format wants them.
public struct BinaryWriter {
    /// What was written.
    public internal(set) var bytes: [UInt8] = []

    /// Appends an integer, most significant byte first.
    @inlinable
    public mutating func append(_ value: some FixedWidthInteger) {
        var shift = value.bitWidth
        while shift > 0 {
            shift -= 8
            appendByte(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// Appends one byte.
    @usableFromInline
    mutating func appendByte(_ byte: UInt8) {
        bytes.append(byte)
    }

    /// Appends bytes as they are.
    public mutating func append(contentsOf other: some Sequence<UInt8>) {
        bytes.append(contentsOf: other)
    }

    /// Appends the length of what `body` writes as four bytes, and what it writes.
    public mutating func appendSized(_ body: (inout BinaryWriter) throws(PostgresError) -> Void) throws(PostgresError) {
        let start = bytes.count
        append(Int32(0))
        try body(&self)
        let length = UInt32(bytes.count - start - 4)
        for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * index)) }
    }
}

extension RawSpan {
    /// The big-endian integer at an offset, or `nil` where the bytes end before it does.
    public func bigEndian<Value: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int = 0, as type: Value.Type = Value.self
    ) -> Value? {
        let size = MemoryLayout<Value>.size
        guard offset >= 0, byteCount - offset >= size else { return nil }
        return Value(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// A copy of the bytes.
    public var copiedBytes: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}
