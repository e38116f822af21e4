import Foundation
import HTTPSupport
import TestKit
import Testing

struct TimestampTests {
    @Test(arguments: [
        ("2024-03-05T14:07:09.031", "2024-03-05T14:07:09.031"), ("2024-03-05T14:07:09", "2024-03-05T14:07:09.000"),
        ("2024-03-05 14:07:09.5", "2024-03-05T14:07:09.500"),
        ("2024-03-05T14:07:09.0311234", "2024-03-05T14:07:09.031"),
        ("2024-03-05T14:07:09Z", "2024-03-05T14:07:09.000"),
        ("2024-03-05T14:07:09.25+05:00", "2024-03-05T09:07:09.250"),
        ("2024-03-05T01:07:09-05:30", "2024-03-05T06:37:09.000"),
        ("2024-02-29T23:59:59.999", "2024-02-29T23:59:59.999"),
        ("1969-12-31T23:59:59.999", "1969-12-31T23:59:59.999"), ("0001-01-01T00:00:00.000", "0001-01-01T00:00:00.000"),
        ("9999-12-31T23:59:59.999", "9999-12-31T23:59:59.999"),
    ])
    func `times that clients write are read`(text: String, meaning: String) throws {
        #expect(Timestamp.text(try #require(Timestamp.parse(text))) == meaning)
    }

    @Test(arguments: [
        "", "2024-03-05", "2024-03-05T14:07", "2023-02-29T00:00:00", "2024-13-01T00:00:00", "2024-00-01T00:00:00",
        "2024-04-31T00:00:00", "2024-03-05T24:00:00", "2024-03-05T14:60:09", "2024-03-05T14:07:60",
        "2024-03-05T14:07:09.",
        "2024-03-05T14:07:09.12345678", "2024-03-05T14:07:09+5", "2024-03-05T14:07:09 Z", "24-03-05T14:07:09",
        "2024-03-05X14:07:09", "２024-03-05T14:07:09", "1900-02-29T00:00:00",
    ])
    func `other texts are no times`(text: String) {
        #expect(Timestamp.parse(text) == nil)
    }

    @Test func `texts agree with Foundation over three centuries`() throws {
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .gmt)
        var random = SplitMix(seed: 11)
        for _ in 0..<2000 {
            let milliseconds = Int.random(in: -4_000_000_000_000...6_000_000_000_000, using: &random)
            // A little more, because Foundation cuts where we round.
            let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            let expected = format.format(Date(timeIntervalSince1970: Double(milliseconds) / 1000 + 0.0002)).dropLast()
            #expect(Timestamp.text(date) == expected)
            #expect(Timestamp.parse(Timestamp.text(date)).map { Timestamp.text($0) } == Timestamp.text(date))
        }
    }
}

struct GUIDTests {
    @Test(arguments: [
        "5D2F0B44-7A3E-4C19-9C55-20F1B6A7E001", "5d2f0b44-7a3e-4c19-9c55-20f1b6a7e001",
        "{5d2f0b44-7A3E-4c19-9c55-20f1b6a7e001}",
    ])
    func `case and braces do not matter`(text: String) throws {
        #expect(GUID.text(try #require(GUID.parse(text))) == "5D2F0B44-7A3E-4C19-9C55-20F1B6A7E001")
    }

    @Test(arguments: [
        "", "{}", "{", "5D2F0B44", "5D2F0B447A3E4C199C5520F1B6A7E001", "5D2F0B44-7A3E-4C19-9C55-20F1B6A7E00G",
        "{5D2F0B44-7A3E-4C19-9C55-20F1B6A7E001", "5D2F0B44-7A3E-4C19-9C55-20F1B6A7E001}",
        " 5D2F0B44-7A3E-4C19-9C55-20F1B6A7E001", "5D2F0B44-7A3E-4C19-9C552-0F1B6A7E001",
    ])
    func `other texts are no GUIDs`(text: String) {
        #expect(GUID.parse(text) == nil)
    }
}
