import Foundation
import Recognition
import Testing

struct TimeBasedIDTests {
    @Test func `ids of version 1 tell their time and do not repeat`() throws {
        let source = IDSource()
        let time = Date(timeIntervalSince1970: 1_800_000_000.123)
        var seen: Set<UUID> = []
        for _ in 0..<10_000 {
            let id = source.nextTimeBased(at: time)
            #expect(seen.insert(id).inserted)
            let digits = id.uuidString.split(separator: "-").map(String.init)
            #expect(digits[2].first == "1")
            #expect("89AB".contains(try #require(digits[3].first)))
            let ticks = try #require(UInt64(digits[2].dropFirst() + digits[1] + digits[0], radix: 16))
            let seconds = Double(ticks - 0x01B2_1DD2_1381_4000) / 1e7
            #expect(abs(seconds - time.timeIntervalSince1970) < 0.002)
            // The multicast bit marks a node that is no network card.
            let node = try #require(UInt8(digits[4].prefix(2), radix: 16))
            #expect(node & 1 == 1)
        }
    }
}
