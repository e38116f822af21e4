extension String: PostgresValue {
    /// `text`.
    public static var postgresType: PostgresType { .text }
    /// `text`, `varchar` and `name`.
    public static func reads(_ type: PostgresType) -> Bool { type == .text || type == .varchar || type == .name }
    /// The bytes in UTF-8.
    ///
    /// - Throws: ``PostgresError/textContainsNUL``, as the server would refuse the whole statement.
    public func encode(into writer: inout BinaryWriter) throws(PostgresError) {
        guard !utf8.contains(0) else { throw .textContainsNUL }
        writer.append(contentsOf: utf8)
    }
    /// Reads UTF-8.
    public static func decode(_ bytes: RawSpan, type: PostgresType) -> String? {
        unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

/// The text of a JSON value for a `jsonb` column.
///
/// PostgreSQL checks it and keeps its meaning, not its spelling.
public struct JSONText: PostgresValue, Hashable {
    /// The JSON.
    public let text: String

    /// JSON from its text, which is not checked here.
    public init(_ text: String) {
        self.text = text
    }

    /// `jsonb`.
    public static var postgresType: PostgresType { .jsonb }
    /// The version of the format, 1, and the text.
    public func encode(into writer: inout BinaryWriter) throws(PostgresError) {
        writer.append(UInt8(1))
        try text.encode(into: &writer)
    }
    /// Reads version 1.
    public static func decode(_ bytes: RawSpan, type: PostgresType) -> JSONText? {
        guard bytes.bigEndian(as: UInt8.self) == 1 else { return nil }
        return unsafe bytes.withUnsafeBytes { unsafe JSONText(String(decoding: $0.dropFirst(), as: UTF8.self)) }
    }
}
