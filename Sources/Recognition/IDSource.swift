public import Foundation
import Synchronization

/// Where new ids come from: chance, unless a test asks for a sequence that repeats.
public final class IDSource: Sendable {
    private let state = Mutex<UInt64?>(nil)

    /// A source of random ids.
    public init() {}

    /// Starts a sequence that is the same for the same seed; `nil` goes back to chance.
    public func seed(_ seed: UInt64?) { state.withLock { $0 = seed } }

    /// The next id: by chance of version 7, after a seed of version 4.
    ///
    /// Version 7 (RFC 9562) begins with the time and ends with 74 random bits. What is stored together lies together in
    /// the indexes, which a million random keys would make the database's bottleneck; the product's own ids grow, too.
    public func next() -> UUID {
        let seeded = state.withLock { state -> [UInt64]? in
            guard var seed = state else { return nil }
            defer { state = seed }
            return [Self.advance(&seed), Self.advance(&seed)]
        }
        if let seeded { return Self.id(seeded, version: 4) }
        let milliseconds = UInt64(max(0, Date.now.timeIntervalSince1970) * 1000)
        return Self.id([milliseconds << 16 | UInt64.random(in: 0...0xFFFF), .random(in: 0 ... .max)], version: 7)
    }

    /// The next id of version 1 (RFC 9562): it tells a time, as the ids of the Enface platform do.
    ///
    /// The node is random with the multicast bit set, as the standard has it for hosts that hide their address.
    public func nextTimeBased(at time: Date) -> UUID {
        // 100 ns since the Gregorian reform, 1582-10-15; the lowest ticks are random, for many ids of one millisecond.
        let milliseconds = UInt64(max(0, time.timeIntervalSince1970) * 1000)
        let random = next().uuid
        let jitter = UInt64(random.14) << 8 | UInt64(random.15)
        let ticks = 0x01B2_1DD2_1381_4000 + milliseconds * 10_000 + jitter % 10_000
        let (low, middle, high) = (ticks & 0xFFFF_FFFF, ticks >> 32 & 0xFFFF, ticks >> 48 & 0x0FFF)
        let node = UInt64(random.8) << 56 | UInt64(random.9) << 48
        let rest = (10...13).reduce(node) { $0 | UInt64(Self.byte($1, of: random)) << UInt64(8 * (15 - $1)) }
        return Self.id([low << 32 | middle << 16 | high, rest | 1 << 40 | jitter], version: 1)
    }

    private static func byte(_ index: Int, of bytes: uuid_t) -> UInt8 {
        unsafe withUnsafeBytes(of: bytes) { unsafe $0[index] }
    }

    private static func id(_ words: [UInt64], version: UInt8) -> UUID {
        let bytes = words.flatMap { word in
            (0..<8).map { index in UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * index)) }
        }
        return UUID(
            uuid: (
                bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6] & 0x0F | version << 4, bytes[7],
                bytes[8] & 0x3F | 0x80, bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]
            ))
    }

    /// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
    private static func advance(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
