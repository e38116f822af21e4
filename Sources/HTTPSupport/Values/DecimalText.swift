import Foundation

/// Decimal texts of floating-point numbers, as `printf` writes them in the C locale, but never with an exponent.
public enum DecimalText {
    /// The text that `%.{digits}g` gives, and the plain digits where that would give an exponent.
    ///
    /// What is not finite, and what is smaller than the digits of a `Double` can be told apart in a sensible number of
    /// places (below 1e-15), is `0`.
    public static func significant(_ number: Double, digits: Int) -> String {
        let size = abs(number)
        guard number.isFinite, size >= 1e-15 else { return "0" }
        // Foundation formats without a locale unless it is given one.
        let text = String(format: "%.\(digits)g", number)
        guard text.contains("e") else { return text }
        guard size < 1 else { return String(format: "%.0f", number) }
        let places = digits - 1 - Int(log10(size).rounded(.down))
        let fixed = String(format: "%.\(places)f", number)
        guard let last = fixed.lastIndex(where: { $0 != "0" }) else { return fixed }
        return String(fixed[...last])
    }
}
