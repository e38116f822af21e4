/// A coordinate in steps of 2⁻³² pixels.
///
/// Walking along a row adds the same step again and again, and an addition of integers is exact; floor and fraction
/// are a shift and a mask, where a floating-point number would be checked for what no coordinate can be.
struct FixedPoint {
    private static let fractionBits = 32
    // Far outside of any picture, and still far from the end of 64 bits.
    private static let farthest = Double(1 << 28)

    private(set) var bits: Int

    /// The nearest coordinate; what is farther away than any picture is large comes to lie at 2²⁸ pixels.
    init(_ value: Double) {
        bits = Int((min(max(value, -Self.farthest), Self.farthest) * Double(1 << Self.fractionBits)).rounded())
    }

    private init(bits: Int) { self.bits = bits }

    /// The pixel to the left, or above.
    @inline(__always) var floor: Int { bits >> Self.fractionBits }

    /// The way from there, 0..<1.
    @inline(__always) var fraction: Float {
        // 24 bits, as many as a Float keeps; as a signed number, for which there is an instruction.
        Float(Int32(truncatingIfNeeded: (bits >> 8) & 0xFF_FFFF)) * 0x1p-24
    }

    @inline(__always) static func + (left: FixedPoint, right: FixedPoint) -> FixedPoint {
        FixedPoint(bits: left.bits &+ right.bits)
    }
}
