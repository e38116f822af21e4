import Foundation

/// What stands in the place of a number, as JSON text.
enum HostileValues {
    /// Numbers at and beyond the ends of every type, and what is no number at all.
    static let all = [
        "0", "-1", "0.5", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
        "18446744073709551616", "9007199254740992", "2147483648",
        "1e308", "-1e308", "1e-320", "1e999", "-1e999", "3.5e38", "1e30", "1e131073",
        "1" + String(repeating: "0", count: 400), #""""#, #""NaN""#, #""inf""#, #""-Infinity""#,
        #""9223372036854775808""#, #""-9223372036854775808""#, #""1e999""#, #""0x1p16383""#, #"" 1 ""#, #""+1""#,
        #""٣""#, #""1\u0000""#, "null", "true", "[]", "{}", "[[1e308]]", #"{"a":{"b":[9223372036854775808]}}"#,
        #"["-9223372036854775808",1e308]"#, "[" + String(repeating: "1,", count: 2000) + "1]",
        "\"" + String(repeating: "9", count: 20_000) + "\"",
    ]

    /// Times that no calendar has, and the first and the last that it has.
    static let times = [
        "0000-01-01T00:00:00", "0001-01-01T00:00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.9999999",
        "9999-12-31T23:59:59-23:59", "10000-01-01T00:00:00", "-0001-01-01T00:00:00", "2024-02-30T00:00:00",
        "2024-01-01T24:00:00", "2024-01-01T00:00:60", "2024-01-01T00:00:00+99:99", "2024-01-01T00:00:00.",
    ].map { "\"\($0)\"" }

    /// Embeddings of the right length, of numbers that are no directions.
    static let vectors =
        ["1e308", "-1e308", "3e38", "1e-40", "0", "nan", "inf"].map { number in
            "\"" + [String](repeating: number, count: 128).joined(separator: ",") + "\""
        }
        + ["1e308", "3.5e38", "1e999", "1e-40"].map { number in
            "[" + [String](repeating: number, count: 128).joined(separator: ",") + "]"
        }

    /// Places in a list: base64 of two numbers with a stroke between them.
    static let cursors = [
        "-9223372036854775808|1", "9223372036854775807|9223372036854775807",
        "-9223372036854775808|-9223372036854775808",
        "-253402300799999999|0", "253402300799999999|-1", "1|9223372036854775808", "|", "1|2|3", "1e3|0", "",
    ].map { "\"\(Data($0.utf8).base64EncodedString())\"" }

    /// What stands in a place, by its name.
    static func values(at place: String) -> [String] {
        let name = place.split(separator: ".").last ?? ""
        switch name {
        case "dateTimeFrom", "dateTimeTo", "from", "to", "timestamp", "time", "expires", "date_of_birth":
            return all + times
        case "embedding", "embeddings": return all + vectors
        case "cursor": return all + cursors
        default: return all
        }
    }
}
