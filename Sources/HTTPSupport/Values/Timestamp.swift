public import Foundation

/// Times as the API writes them: UTC, `yyyy-MM-ddTHH:mm:ss.fff`, no zone.
///
/// The calendar arithmetic is Howard Hinnant's `days_from_civil` and `civil_from_days`
/// (https://howardhinnant.github.io/date_algorithms.html): exact over the whole proleptic Gregorian calendar and a
/// fraction of the cost of a formatter, of which a page of 5,000 persons would need 10,000 answers.
public enum Timestamp {
    private static let millisecondsPerDay = 86_400_000
    private static let lastMillisecond = 253_402_300_799_999  // 9999-12-31T23:59:59.999
    private static let firstMillisecond = -62_135_596_800_000  // 0001-01-01T00:00:00.000

    /// The text of a time, rounded to milliseconds; times before year 1 or after 9999 become the nearest that fits.
    public static func text(_ date: Date) -> String {
        let characters = characters(date)
        return String(decoding: (0..<23).map { characters[$0] }, as: UTF8.self)
    }

    /// The text of a time in a zone, with the zone's offset: `2024-03-05T17:07:09.031+03:00`.
    public static func localText(_ date: Date, in zone: TimeZone = .current) -> String {
        let offset = zone.secondsFromGMT(for: date)
        let minutes = abs(offset) / 60
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return text(date.addingTimeInterval(Double(offset)))
            + "\(offset < 0 ? "-" : "+")\(padded(minutes / 60)):\(padded(minutes % 60))"
    }

    /// The 23 characters of ``text(_:)``.
    static func characters(_ date: Date) -> [23 of UInt8] {
        let exact = (date.timeIntervalSince1970 * 1000).rounded()
        let milliseconds = Int(min(Double(lastMillisecond), max(Double(firstMillisecond), exact.isNaN ? 0 : exact)))
        let day = Int((Double(milliseconds) / Double(millisecondsPerDay)).rounded(.down))
        let time = milliseconds - day * millisecondsPerDay
        let (year, month, dayOfMonth) = civil(day: day)
        var characters = [23 of UInt8](repeating: UInt8(ascii: "-"))
        func write(_ value: Int, digits: Int, at start: Int) {
            var rest = value
            for index in stride(from: start + digits - 1, through: start, by: -1) {
                characters[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
        }
        write(year, digits: 4, at: 0)
        write(month, digits: 2, at: 5)
        write(dayOfMonth, digits: 2, at: 8)
        characters[10] = UInt8(ascii: "T")
        write(time / 3_600_000, digits: 2, at: 11)
        characters[13] = UInt8(ascii: ":")
        write(time / 60_000 % 60, digits: 2, at: 14)
        characters[16] = UInt8(ascii: ":")
        write(time / 1000 % 60, digits: 2, at: 17)
        characters[19] = UInt8(ascii: ".")
        write(time % 1000, digits: 3, at: 20)
        return characters
    }

    /// The time that a client wrote.
    ///
    /// Besides the documented form these are read: no fraction or 1 to 7 digits of it, a blank instead of `T`, and a
    /// trailing `Z` or `±hh:mm`, which is converted. Without a zone the time is UTC.
    ///
    /// - Returns: `nil` for any other text and for days and times that do not exist.
    public static func parse(_ text: String) -> Date? {
        var reader = DigitReader(text)
        guard let year = reader.digits(4), reader.skip("-"), let month = reader.digits(2), reader.skip("-"),
            let day = reader.digits(2), reader.skip("T") || reader.skip("t") || reader.skip(" "),
            let hour = reader.digits(2), reader.skip(":"), let minute = reader.digits(2), reader.skip(":"),
            let second = reader.digits(2), year >= 1, 1...12 ~= month, 1...length(ofMonth: month, year: year) ~= day,
            hour < 24, minute < 60, second < 60
        else { return nil }
        var ticks = 0  // of 100 ns, the unit of seven digits
        if reader.skip(".") {
            guard let fraction = reader.fraction(ofDigits: 7) else { return nil }
            ticks = fraction
        }
        var offset = 0
        if reader.skip("Z") || reader.skip("z") {
            offset = 0
        } else if let sign = reader.sign() {
            guard let hours = reader.digits(2), reader.skip(":"), let minutes = reader.digits(2), hours < 24,
                minutes < 60
            else { return nil }
            offset = sign * (hours * 60 + minutes)
        }
        guard reader.isAtEnd else { return nil }
        let seconds = days(year: year, month: month, day: day) * 86400 + hour * 3600 + (minute - offset) * 60 + second
        return Date(timeIntervalSince1970: Double(seconds) + Double(ticks) / 1e7)
    }

    /// Days since 1970-01-01.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func civil(day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
