import Foundation

extension Timestamp {
    /// The text of a time in an HTTP header: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
    static func httpText(_ date: Date) -> String {
        let second = date.timeIntervalSince1970.rounded(.down)
        let text = Array(text(Date(timeIntervalSince1970: second)).utf8)
        func part(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
        let month = Int(part(5..<7)).map { months[$0 - 1] } ?? ""
        // 1970-01-01 was a Thursday.
        let weekday = (Int((second / 86_400).rounded(.down)) % 7 + 11) % 7
        return "\(weekdays[weekday]), \(part(8..<10)) \(month) \(part(0..<4)) \(part(11..<19)) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
