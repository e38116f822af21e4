extension Bool: PostgresValue {
    /// `boolean`.
    public static var postgresType: PostgresType { .bool }
    /// One byte, 0 or 1.
    public func encode(into writer: inout BinaryWriter) { writer.append(UInt8(self ? 1 : 0)) }
    /// Reads one byte.
    public static func decode(_ bytes: RawSpan, type: PostgresType) -> Bool? {
        bytes.byteCount == 1 ? bytes.bigEndian(as: UInt8.self).map { $0 != 0 } : nil
    }
}

/// An integer that PostgreSQL knows; narrower columns can be read as wider Swift types.
public protocol PostgresInteger: PostgresValue, FixedWidthInteger {}

extension PostgresInteger {
    /// Columns of at most this width.
    public static func reads(_ type: PostgresType) -> Bool {
        switch type {
        case .int2: true
        case .int4: bitWidth >= 32
        case .int8: bitWidth >= 64
        default: false
        }
    }
    /// Big-endian bytes.
    public func encode(into writer: inout BinaryWriter) { writer.append(self) }
    /// Reads two, four or eight bytes.
    public static func decode(_ bytes: RawSpan, type: PostgresType) -> Self? {
        switch bytes.byteCount {
        case 2: bytes.bigEndian(as: Int16.self).flatMap { Self(exactly: $0) }
        case 4: bytes.bigEndian(as: Int32.self).flatMap { Self(exactly: $0) }
        case 8: bytes.bigEndian(as: Int64.self).flatMap { Self(exactly: $0) }
        default: nil
        }
    }
}

extension Int16: PostgresInteger {
    /// `smallint`.
    public static var postgresType: PostgresType { .int2 }
}

extension Int32: PostgresInteger {
    /// `integer`.
    public static var postgresType: PostgresType { .int4 }
}

extension Int64: PostgresInteger {
    /// `bigint`.
    public static var postgresType: PostgresType { .int8 }
}

extension Int: PostgresInteger {
    /// `bigint`.
    public static var postgresType: PostgresType { .int8 }
}

extension Float: PostgresValue {
    /// `real`.
    public static var postgresType: PostgresType { .float4 }
    /// Four bytes.
    public func encode(into writer: inout BinaryWriter) { writer.append(bitPattern) }
    /// Reads four bytes.
    public static func decode(_ bytes: RawSpan, type: PostgresType) -> Float? {
        bytes.byteCount == 4 ? bytes.bigEndian(as: UInt32.self).map(Float.init(bitPattern:)) : nil
    }
}

extension Double: PostgresValue {
    /// `double precision`.
    public static var postgresType: PostgresType { .float8 }
    /// `double precision` and `real`.
    public static func reads(_ type: PostgresType) -> Bool { type == .float8 || type == .float4 }
    /// Eight bytes.
    public func encode(into writer: inout BinaryWriter) { writer.append(bitPattern) }
    /// Reads eight or four bytes.
    public static func decode(_ bytes: RawSpan, type: PostgresType) -> Double? {
        switch bytes.byteCount {
        case 8: bytes.bigEndian(as: UInt64.self).map(Double.init(bitPattern:))
        case 4: bytes.bigEndian(as: UInt32.self).map { Double(Float(bitPattern: $0)) }
        default: nil
        }
    }
}
