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
    /// Seconds from PostgreSQL's epoch, 2000-01-01, to Foundation's, 2001-01-01; 2000 was a leap year.
    private static let epochDistance = 366.0 * 86_400

    /// `timestamptz`.
    public static var postgresType: PostgresType { .timestamptz }
    /// Microseconds since 2000-01-01, rounded; what is out of range becomes `infinity` or `-infinity`.
    public func encode(into writer: inout BinaryWriter) {
        let microseconds = ((timeIntervalSinceReferenceDate + Self.epochDistance) * 1_000_000).rounded()
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
    public static func decode(_ bytes: RawSpan, type: PostgresType) -> Date? {
        guard bytes.byteCount == 8, let microseconds = bytes.bigEndian(as: Int64.self) else { return nil }
        switch microseconds {
        case .max: return .distantFuture
        case .min: return .distantPast
        default:
            return Date(timeIntervalSinceReferenceDate: Double(microseconds) / 1_000_000 - epochDistance)
        }
    }
}
