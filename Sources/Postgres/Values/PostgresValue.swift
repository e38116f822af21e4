/// A Swift type that travels to and from PostgreSQL in the binary format.
public protocol PostgresValue: Sendable {
    /// The type that a parameter of this Swift type declares.
    static var postgresType: PostgresType { get }

    /// Whether a column of `type` can be read as this Swift type.
    static func reads(_ type: PostgresType) -> Bool

    /// Whether the value is NULL; then nothing is encoded.
    var isNull: Bool { get }

    /// Bytes that already are the whole encoding and can be sent from where they lie.
    var encodedBytes: [UInt8]? { get }

    /// Writes the value.
    func encode(into writer: inout BinaryWriter) throws(PostgresError)

    /// Reads a value, or gives `nil` when the bytes are none.
    static func decode(_ bytes: RawSpan, type: PostgresType) -> Self?

    /// What NULL reads as; `nil` where NULL is not allowed.
    static func decodeNull() -> Self?
}

extension PostgresValue {
    /// Only columns of exactly the type of a parameter can be read.
    public static func reads(_ type: PostgresType) -> Bool { type == postgresType }
    /// Never NULL.
    public var isNull: Bool { false }
    /// Nothing ready to be sent.
    public var encodedBytes: [UInt8]? { nil }
    /// NULL is not allowed.
    public static func decodeNull() -> Self? { nil }
}

extension Optional: PostgresValue where Wrapped: PostgresValue {
    /// The type of the wrapped value.
    public static var postgresType: PostgresType { Wrapped.postgresType }
    /// Whatever the wrapped type reads.
    public static func reads(_ type: PostgresType) -> Bool { Wrapped.reads(type) }
    /// `nil` is NULL.
    public var isNull: Bool { self?.isNull ?? true }
    /// Those of the wrapped value.
    public var encodedBytes: [UInt8]? { self?.encodedBytes }
    /// Writes the wrapped value.
    public func encode(into writer: inout BinaryWriter) throws(PostgresError) { try self?.encode(into: &writer) }
    /// Reads a wrapped value.
    public static func decode(_ bytes: RawSpan, type: PostgresType) -> Self? {
        Wrapped.decode(bytes, type: type).map { .some($0) }
    }
    /// NULL is `nil`.
    public static func decodeNull() -> Self? { .some(.none) }
}
