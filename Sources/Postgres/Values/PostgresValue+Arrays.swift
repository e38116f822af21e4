public import Foundation

/// An element of arrays that travel to PostgreSQL: a row of values in one parameter.
public protocol PostgresArrayElement: Sendable {
    /// The type of the array.
    static var postgresArrayType: PostgresType { get }
    /// The array's bytes where they already are its encoding.
    static func encodedBytes(of elements: [Self]) -> [UInt8]?
    /// Writes an array.
    static func encode(_ elements: [Self], into writer: inout BinaryWriter) throws(PostgresError)
    /// Reads an array.
    static func decodeArray(_ bytes: RawSpan) -> [Self]?
}

extension PostgresArrayElement where Self: PostgresValue {
    /// Arrays of values are never ready to be sent.
    public static func encodedBytes(of elements: [Self]) -> [UInt8]? { nil }

    /// Dimensions, whether there are NULLs, type, length, lower bound, and each element with its size.
    public static func encode(_ elements: [Self], into writer: inout BinaryWriter) throws(PostgresError) {
        writer.append(Int32(elements.isEmpty ? 0 : 1))
        writer.append(Int32(0))
        writer.append(postgresType.oid)
        guard !elements.isEmpty else { return }
        writer.append(Int32(elements.count))
        writer.append(Int32(1))
        for element in elements {
            try writer.appendSized { writer throws(PostgresError) in try element.encode(into: &writer) }
        }
    }

    /// Reads an array of one dimension without NULLs.
    public static func decodeArray(_ bytes: RawSpan) -> [Self]? {
        guard let dimensions: Int32 = bytes.bigEndian(), let oid: UInt32 = bytes.bigEndian(at: 8) else { return nil }
        guard dimensions > 0 else { return [] }
        let type = PostgresType(oid: oid)
        guard dimensions == 1, reads(type), let count: Int32 = bytes.bigEndian(at: 12), count >= 0 else { return nil }
        var elements: [Self] = []
        elements.reserveCapacity(min(Int(count), bytes.byteCount / 4))
        var offset = 20
        for _ in 0..<count {
            guard let size: Int32 = bytes.bigEndian(at: offset), size >= 0 else { return nil }
            let end = offset + 4 + Int(size)
            guard end <= bytes.byteCount else { return nil }
            guard let element = decode(bytes.extracting(offset + 4..<end), type: type) else { return nil }
            elements.append(element)
            offset = end
        }
        return elements
    }
}

extension Array: PostgresValue where Element: PostgresArrayElement {
    /// The array type of the element.
    public static var postgresType: PostgresType { Element.postgresArrayType }
    /// The element type's bytes.
    public var encodedBytes: [UInt8]? { Element.encodedBytes(of: self) }
    /// Writes the elements.
    public func encode(into writer: inout BinaryWriter) throws(PostgresError) {
        try Element.encode(self, into: &writer)
    }
    /// Reads the elements.
    public static func decode(_ bytes: RawSpan, type: PostgresType) -> [Element]? { Element.decodeArray(bytes) }
}

/// Bytes are `bytea`, whose encoding is the bytes themselves.
extension UInt8: PostgresArrayElement {
    /// `bytea`.
    public static var postgresArrayType: PostgresType { .bytea }
    /// All of them.
    public static func encodedBytes(of elements: [UInt8]) -> [UInt8]? { elements }
    /// Writes the bytes.
    public static func encode(_ elements: [UInt8], into writer: inout BinaryWriter) {
        writer.append(contentsOf: elements)
    }
    /// Copies the bytes.
    public static func decodeArray(_ bytes: RawSpan) -> [UInt8]? { bytes.copiedBytes }
}

extension Int: PostgresArrayElement {
    /// `bigint[]`.
    public static var postgresArrayType: PostgresType { .int8Array }
}

extension Float: PostgresArrayElement {
    /// `real[]`.
    public static var postgresArrayType: PostgresType { .float4Array }
}

extension String: PostgresArrayElement {
    /// `text[]`.
    public static var postgresArrayType: PostgresType { .textArray }
}

extension UUID: PostgresArrayElement {
    /// `uuid[]`.
    public static var postgresArrayType: PostgresType { .uuidArray }
}

extension Date: PostgresArrayElement {
    /// `timestamptz[]`.
    public static var postgresArrayType: PostgresType { .timestamptzArray }
}
