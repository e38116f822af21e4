/// The escape sequences of JSON strings (RFC 8259, section 7).
enum JSONEscapes {
    /// The UTF-16 unit that four hexadecimal digits write, or `nil` when they are no such digits.
    ///
    /// - Precondition: `start + 4` is within the span.
    static func unit(_ bytes: Span<UInt8>, at start: Int) -> UInt16? {
        var unit: UInt16 = 0
        for index in start..<start + 4 {
            guard let digit = HexDigits.value(bytes[index]) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// The text of a string's bytes.
    ///
    /// - Precondition: a ``JSONScanner`` accepted the range as the inside of a string.
    static func text(_ bytes: Span<UInt8>, in range: Range<Int>) -> String {
        var plain: [UInt8] = []
        plain.reserveCapacity(range.count)
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = bytes[position]
            guard byte == UInt8(ascii: "\\") else {
                plain.append(byte)
                position += 1
                continue
            }
            let letter = bytes[position + 1]
            position += 2
            switch letter {
            case UInt8(ascii: "b"): plain.append(0x08)
            case UInt8(ascii: "f"): plain.append(0x0C)
            case UInt8(ascii: "n"): plain.append(0x0A)
            case UInt8(ascii: "r"): plain.append(0x0D)
            case UInt8(ascii: "t"): plain.append(0x09)
            case UInt8(ascii: "u"):
                var code = UInt32(unit(bytes, at: position) ?? 0)
                position += 4
                if 0xD800..<0xDC00 ~= code {
                    let low = UInt32(unit(bytes, at: position + 2) ?? 0xDC00)
                    position += 6
                    code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
                }
                let scalar = UnicodeScalar(code) ?? "\u{FFFD}"
                plain.append(contentsOf: scalar.utf8)
            default: plain.append(letter)
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }
}
