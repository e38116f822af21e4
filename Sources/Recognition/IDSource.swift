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
