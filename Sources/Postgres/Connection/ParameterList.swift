/// The parameters of one statement, encoded, in the shape that libpq takes.
struct ParameterList {
    private enum Place {
        case null
        case scratch(Int)
        case bytes([UInt8])
    }

    private(set) var types: [UInt32] = []
    private var lengths: [Int32] = []
    private var places: [Place] = []
    private var writer = BinaryWriter()

    init(_ values: [any PostgresValue]) throws(PostgresError) {
        for value in values { try append(value) }
    }

    var count: Int { places.count }

    private mutating func append<Value: PostgresValue>(_ value: Value) throws(PostgresError) {
        types.append(Value.postgresType.oid)
        if value.isNull {
            lengths.append(0)
            places.append(.null)
        } else if let bytes = value.encodedBytes {
            lengths.append(Int32(bytes.count))
            places.append(.bytes(bytes))
        } else {
            let start = writer.bytes.count
            try value.encode(into: &writer)
            lengths.append(Int32(writer.bytes.count - start))
            places.append(.scratch(start))
        }
    }

    /// Calls `body` with the pointers, the lengths and the formats (all binary); they live as long as the call.
    func withPointers<R>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> R
    ) -> R {
        let formats = [Int32](repeating: 1, count: max(count, 1))
        // libpq takes a null pointer for NULL, so that an empty text needs an address all the same.
        return unsafe (writer.bytes + [0]).withUnsafeBufferPointer { scratch in
            var pointers = unsafe [UnsafePointer<CChar>?](repeating: nil, count: max(count, 1))
            return unsafe fill(&pointers, from: 0, scratch: scratch) { pointers in
                unsafe pointers.withUnsafeBufferPointer { pointers in
                    unsafe (lengths + [0]).withUnsafeBufferPointer { lengths in
                        unsafe formats.withUnsafeBufferPointer { formats in
                            guard let pointers = pointers.baseAddress,
                                let lengths = lengths.baseAddress, let formats = formats.baseAddress
                            else { preconditionFailure("these arrays are never empty") }
                            return unsafe body(pointers, lengths, formats)
                        }
                    }
                }
            }
        }
    }

    /// Byte arrays are sent from where they lie, so that each holds its address open while the rest is filled in.
    private func fill<R>(
        _ pointers: inout [UnsafePointer<CChar>?], from index: Int, scratch: UnsafeBufferPointer<UInt8>,
        then body: ([UnsafePointer<CChar>?]) -> R
    ) -> R {
        for index in index..<count {
            switch places[index] {
            case .null: break
            case .scratch(let start):
                unsafe pointers[index] = unsafe UnsafeRawPointer(scratch.baseAddress)?
                    .advanced(by: start).assumingMemoryBound(to: CChar.self)
            case .bytes(let bytes):
                return unsafe bytes.withUnsafeBytes { buffer in
                    let start = unsafe buffer.baseAddress ?? UnsafeRawPointer(scratch.baseAddress)
                    unsafe pointers[index] = unsafe start?.assumingMemoryBound(to: CChar.self)
                    return unsafe fill(&pointers, from: index + 1, scratch: scratch, then: body)
                }
            }
        }
        return unsafe body(pointers)
    }
}
