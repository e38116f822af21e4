public import Foundation

extension UUID: PostgresValue {
    /// `uuid`.
    public static var postgresType: PostgresType { .uuid }
    /// Sixteen bytes.
    public func encode(into writer: inout BinaryWriter) {
        unsafe withUnsafeBytes(of: uuid) { bytes in unsafe writer.append(contentsOf: bytes) }
    }
    /// Reads sixteen bytes.
    public static func decode(_ bytes: RawSpan, type: PostgresType) -> UUID? {
        guard bytes.byteCount == 16 else { return nil }
        return UUID(uuid: unsafe bytes.unsafeLoadUnaligned(as: uuid_t.self))
    }
}

extension Date: PostgresValue {
    /// Seconds from 1970-01-01 to PostgreSQL's epoch, 2000-01-01.
    private static let epoch = 946_684_800.0

    /// `timestamptz`.
    public static var postgresType: PostgresType { .timestamptz }
    /// Microseconds since 2000-01-01, rounded; what is out of range becomes `infinity` or `-infinity`.
    public func encode(into writer: inout BinaryWriter) {
        let microseconds = ((timeIntervalSince1970 - Self.epoch) * 1_000_000).rounded()
        // PostgreSQL's largest time stamp is in the year 294276, about 9.22e18 microseconds after its epoch.
        if microseconds >= 9.2e18 {
            writer.append(Int64.max)
        } else if microseconds <= -2.1e17 || microseconds.isNaN {
            writer.append(Int64.min)
        } else {
            writer.append(Int64(microseconds))
        }
    }
    /// Reads microseconds since 2000-01-01; infinities become the distant future and past.
    ///
    /// The quotient is rounded once, so that whole milliseconds equal `Date(timeIntervalSince1970: milliseconds / 1000)`.
    public static func decode(_ bytes: RawSpan, type: PostgresType) -> Date? {
        guard bytes.byteCount == 8, let microseconds = bytes.bigEndian(as: Int64.self) else { return nil }
        switch microseconds {
        case .max: return .distantFuture
        case .min: return .distantPast
        default:
            return Date(timeIntervalSince1970: (Double(microseconds) + epoch * 1_000_000) / 1_000_000)
        }
    }
}
