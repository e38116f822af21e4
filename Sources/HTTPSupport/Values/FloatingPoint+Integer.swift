extension BinaryFloatingPoint {
    /// The nearest whole number; 0 for what is no number or too large for one.
    public var nearestInteger: Int { Int(exactly: rounded()) ?? 0 }
}
