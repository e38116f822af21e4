import NIOCore

/// Checks JSON text against RFC 8259 in one pass and says where values lie; it copies nothing.
///
/// Nested objects and arrays are checked and skipped. They are opened again when somebody asks for them, so a hostile
/// body of a million brackets costs time in proportion to its length and no memory.
struct JSONScanner: ~Escapable {
    /// How deep objects and arrays may be nested; requests need three levels.
    static let maximumDepth = 128

    /// How many elements an array may have: ids of persons, as a rule.
    static let maximumElementCount = 20_000

    let bytes: Span<UInt8>
    private(set) var position: Int
    private let end: Int

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, from start: Int = 0, to end: Int? = nil) {
        self.bytes = bytes
        self.position = start
        self.end = end ?? bytes.count
    }

    /// The next byte, after blanks were skipped.
    mutating func peek() throws(JSONError) -> UInt8 {
        skipBlanks()
        guard position < end else { throw fail(.unexpectedEnd) }
        return bytes[position]
    }

    /// Skips the byte if it is the next one after blanks.
    mutating func skip(_ byte: UInt8) throws(JSONError) -> Bool {
        guard try peek() == byte else { return false }
        position += 1
        return true
    }

    mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard try skip(byte) else { throw fail(.unexpectedCharacter) }
    }

    /// Makes sure that only blanks are left.
    mutating func finish() throws(JSONError) {
        skipBlanks()
        guard position == end else { throw fail(.unexpectedCharacter) }
    }

    /// Reads one value of any kind.
    mutating func value(depth: Int = 0) throws(JSONError) -> JSONSlice {
        let first = try peek()
        let start = position
        switch first {
        case UInt8(ascii: "\""): return try string()
        case UInt8(ascii: "{"):
            try object(depth: depth + 1)
            return JSONSlice(kind: .object, range: start..<position)
        case UInt8(ascii: "["):
            try array(depth: depth + 1)
            return JSONSlice(kind: .array, range: start..<position)
        case UInt8(ascii: "t"): return try word("true", .true)
        case UInt8(ascii: "f"): return try word("false", .false)
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try number()
            return JSONSlice(kind: .number, range: start..<position)
        default: throw fail(.unexpectedCharacter)
        }
    }

    /// Reads a string; the scanner stands on its opening quote.
    mutating func string() throws(JSONError) -> JSONSlice {
        try expect(UInt8(ascii: "\""))
        let start = position
        var hasEscapes = false
        while true {
            skipPlainText()
            guard position < end else { throw fail(.unexpectedEnd) }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return JSONSlice(kind: .string, range: start..<position - 1, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape()
            case 0x80...: try multibyteCharacter()
            default: throw fail(.controlCharacter)
            }
        }
    }

    private func fail(_ reason: JSONError.Reason) -> JSONError { .malformed(offset: position, reason: reason) }

    private mutating func skipBlanks() {
        while position < end {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func object(depth: Int) throws(JSONError) {
        guard depth <= Self.maximumDepth else { throw fail(.depth) }
        position += 1
        if try skip(UInt8(ascii: "}")) { return }
        repeat {
            guard try peek() == UInt8(ascii: "\"") else { throw fail(.unexpectedCharacter) }
            _ = try string()
            try expect(UInt8(ascii: ":"))
            _ = try value(depth: depth)
        } while try skip(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    private mutating func array(depth: Int) throws(JSONError) {
        guard depth <= Self.maximumDepth else { throw fail(.depth) }
        position += 1
        if try skip(UInt8(ascii: "]")) { return }
        var count = 0
        repeat {
            guard count < Self.maximumElementCount else { throw fail(.elementCount) }
            count += 1
            _ = try value(depth: depth)
        } while try skip(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
    }

    private mutating func word(_ word: StaticString, _ kind: JSONKind) throws(JSONError) -> JSONSlice {
        let start = position
        for index in 0..<word.utf8CodeUnitCount {
            guard position < end else { throw fail(.unexpectedEnd) }
            guard unsafe bytes[position] == word.utf8Start[index] else { throw fail(.unexpectedCharacter) }
            position += 1
        }
        return JSONSlice(kind: kind, range: start..<position)
    }

    private mutating func number() throws(JSONError) {
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        if position < end, bytes[position] == UInt8(ascii: "0") {
            position += 1
        } else {
            try digits()
        }
        if position < end, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < end, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            try digits()
        }
        // "01" and "1x" are one malformed number each rather than a number and a surprise.
        if position < end, isDigit(bytes[position]) { throw fail(.number) }
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while position < end, isDigit(bytes[position]) { position += 1 }
        guard position > start else { throw fail(.number) }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// Moves to the next byte of a string that needs attention.
    ///
    /// That is a quote, a backslash, a control character or a byte outside ASCII. Photos arrive as megabytes without any, so 32 bytes are looked at together.
    ///
    /// In a word of eight bytes a byte's top bit becomes set when the byte is below 0x20, equals a quote or a
    /// backslash, or is 0x80 or more. A borrow can raise a false alarm only in bytes above a true one, and the lowest
    /// alarm is the one that counts.
    private mutating func skipPlainText() {
        let end = end
        position = unsafe bytes.withUnsafeBytes { raw in
            var position = position
            // Safe: the four words end at position + 32, which is within the span.
            while position + 32 <= end {
                let a = unsafe Self.alarms(raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                let b = unsafe Self.alarms(raw.loadUnaligned(fromByteOffset: position + 8, as: UInt64.self))
                let c = unsafe Self.alarms(raw.loadUnaligned(fromByteOffset: position + 16, as: UInt64.self))
                let d = unsafe Self.alarms(raw.loadUnaligned(fromByteOffset: position + 24, as: UInt64.self))
                guard (a | b | c | d) & Self.topBits == 0 else { break }
                position += 32
            }
            return position
        }
        while position < end {
            let byte = bytes[position]
            guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return }
            position += 1
        }
    }

    private static var topBits: UInt64 { 0x8080_8080_8080_8080 }

    @inline(__always)
    private static func alarms(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let control = word &- ones &* 0x20
        let quote = (word ^ (ones &* 0x22)) &- ones
        let backslash = (word ^ (ones &* 0x5C)) &- ones
        return control | quote | backslash | word
    }

    /// Checks one escape sequence; surrogates must come in pairs, since half a pair is no character.
    private mutating func escape() throws(JSONError) {
        guard position + 1 < end else { throw fail(.unexpectedEnd) }
        switch bytes[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"):
            guard let unit = hexadecimalUnit(at: position + 2) else { throw fail(.escape) }
            switch unit {
            case 0xD800..<0xDC00:
                guard position + 12 <= end, bytes[position + 6] == UInt8(ascii: "\\"),
                    bytes[position + 7] == UInt8(ascii: "u"), let low = hexadecimalUnit(at: position + 8),
                    0xDC00..<0xE000 ~= low
                else { throw fail(.escape) }
                position += 12
            case 0xDC00..<0xE000: throw fail(.escape)
            default: position += 6
            }
        default: throw fail(.escape)
        }
    }

    private func hexadecimalUnit(at start: Int) -> UInt16? {
        guard start + 4 <= end else { return nil }
        return JSONEscapes.unit(bytes, at: start)
    }

    /// Checks one character of two to four bytes against the table of well-formed UTF-8 (Unicode 16, table 3-7).
    private mutating func multibyteCharacter() throws(JSONError) {
        let lead = bytes[position]
        let length: Int
        let second: ClosedRange<UInt8>
        switch lead {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw fail(.encoding)
        }
        guard position + length <= end, second.contains(bytes[position + 1]) else { throw fail(.encoding) }
        for index in 2..<max(2, length) where bytes[position + index] & 0xC0 != 0x80 { throw fail(.encoding) }
        position += length
    }
}
