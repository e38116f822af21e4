/// Base64 (RFC 4648) in all the forms in which clients send pictures.
///
/// Tolerated: a `data:image/…;base64,` prefix, blanks and line ends, the URL-safe alphabet (also mixed with the plain
/// one) and missing padding. Anything else is refused, so that a text which is no base64 never becomes a picture.
public enum Base64 {
    /// The bytes of a base64 text, or `nil` when it is not base64.
    public static func decode(_ text: String) -> [UInt8]? {
        let utf8 = Array(text.utf8)
        return decode(utf8.span, in: 0..<utf8.count, isJSONEscaped: false)
    }

    /// The bytes of a base64 text, or `nil` when it is not base64.
    ///
    /// - Parameters:
    ///   - text: the bytes around the text.
    ///   - range: where the text lies in them.
    ///   - isJSONEscaped: whether the text still holds the escape sequences of a JSON string, `\n`, `\/` or `\u002B`.
    static func decode(_ text: Span<UInt8>, in range: Range<Int>, isJSONEscaped: Bool) -> [UInt8]? {
        var source = Source(
            text: text, position: range.lowerBound, end: range.upperBound, isJSONEscaped: isJSONEscaped)
        guard source.skipPrefix() else { return nil }
        var isValid = false
        // Four bytes more than can be needed: a group of three is stored as a word of four.
        let capacity = (source.end - source.position) / 4 * 3 + 8
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            isValid = unsafe decode(&source, into: UnsafeMutableRawBufferPointer(buffer), count: &count)
        }
        return isValid ? bytes : nil
    }

    private static func decode(
        _ source: inout Source, into output: UnsafeMutableRawBufferPointer, count: inout Int
    ) -> Bool {
        while true {
            unsafe decodePlainGroups(&source, into: output, count: &count)
            // Whatever stopped the quick loop is looked at one character at a time, up to the end of its group.
            var group: UInt32 = 0
            var length = 0
            while length < 4 {
                switch source.next() {
                case .value(let value):
                    group = group << 6 | UInt32(value)
                    length += 1
                case .padding:
                    guard source.hasOnlyPadding(atMost: [0, 0, 2, 1][length]) else { return false }
                    return unsafe store(group, characters: length, into: output, count: &count)
                case .end: return unsafe store(group, characters: length, into: output, count: &count)
                case .invalid: return false
                }
            }
            guard unsafe store(group, characters: 4, into: output, count: &count) else { return false }
        }
    }

    /// Decodes whole groups of four characters until one holds something else than an alphabet character.
    private static func decodePlainGroups(
        _ source: inout Source, into output: UnsafeMutableRawBufferPointer, count: inout Int
    ) {
        unsafe tables.withUnsafeBufferPointer { tables in
            unsafe source.text.withUnsafeBufferPointer { text in
                var position = source.position
                var written = count
                // Safe: `position + 8 <= end` is within the text, table indices are below 4 · 256, and the output has
                // room for the three bytes of every four characters and for the rest of the last word.
                while position + 4 <= source.end {
                    let group =
                        unsafe tables[Int(text[position])] | tables[256 + Int(text[position + 1])]
                        | tables[512 + Int(text[position + 2])] | tables[768 + Int(text[position + 3])]
                    guard group & invalid == 0 else { break }
                    unsafe output.storeBytes(of: (group << 8).bigEndian, toByteOffset: written, as: UInt32.self)
                    position += 4
                    written += 3
                }
                source.position = position
                count = written
            }
        }
    }

    /// Appends the whole bytes of a group that may be incomplete at the end of the text.
    private static func store(
        _ group: UInt32, characters: Int, into output: UnsafeMutableRawBufferPointer, count: inout Int
    ) -> Bool {
        let size: Int
        switch characters {
        case 0: return true
        case 2...4: size = characters - 1
        default: return false
        }
        let aligned = group << UInt32(6 * (4 - characters))
        for index in 0..<size {
            unsafe output[count] = UInt8(truncatingIfNeeded: aligned >> UInt32(16 - 8 * index))
            count += 1
        }
        return true
    }

    fileprivate static let invalid: UInt32 = 1 << 31

    /// Four tables of 256 words, one for each place in a group: the character's six bits where the group has them.
    fileprivate static let tables: [UInt32] = {
        var tables = [UInt32](repeating: invalid, count: 4 * 256)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for place in 0..<4 {
            let shift = UInt32(6 * (3 - place))
            for (value, character) in alphabet.enumerated() {
                tables[256 * place + Int(character)] = UInt32(value) << shift
            }
            tables[256 * place + Int(UInt8(ascii: "-"))] = 62 << shift
            tables[256 * place + Int(UInt8(ascii: "_"))] = 63 << shift
        }
        return tables
    }()
}

extension Base64 {
    /// The characters of a text, one at a time, with everything skipped that has no meaning.
    fileprivate struct Source: ~Escapable {
        enum Character {
            case value(UInt8), padding, end, invalid
        }

        let text: Span<UInt8>
        var position: Int
        let end: Int
        let isJSONEscaped: Bool

        @_lifetime(copy text)
        init(text: Span<UInt8>, position: Int, end: Int, isJSONEscaped: Bool) {
            self.text = text
            self.position = position
            self.end = end
            self.isJSONEscaped = isJSONEscaped
        }

        /// Skips a `data:image/…;base64,` prefix.
        ///
        /// - Returns: whether the text may be base64; false for a `data:` text of another form.
        mutating func skipPrefix() -> Bool {
            while position < end, isBlank(text[position]) { position += 1 }
            guard position + 5 <= end, lowercased(text[position]) == UInt8(ascii: "d"),
                text[position + 4] == UInt8(ascii: ":")
            else { return true }
            var header: [UInt8] = []
            for index in position..<min(end, position + 256) {
                let byte = text[index]
                guard byte == UInt8(ascii: ",") else {
                    // The only escape that a media type can need is that of its slash.
                    if byte != UInt8(ascii: "\\") || !isJSONEscaped { header.append(lowercased(byte)) }
                    continue
                }
                position = index + 1
                return header.starts(with: "data:image/".utf8)
                    && header.reversed().starts(with: ";base64".utf8.reversed())
            }
            return false
        }

        mutating func next() -> Character {
            while position < end {
                let byte = text[position]
                position += 1
                if byte == UInt8(ascii: "\\"), isJSONEscaped {
                    guard let plain = unescape() else { return .invalid }
                    if !isBlank(plain) { return classify(plain) }
                } else if !isBlank(byte) {
                    return classify(byte)
                }
            }
            return .end
        }

        /// Whether the text ends after no more padding than the last group has room for; the first padding character
        /// was read already.
        mutating func hasOnlyPadding(atMost limit: Int) -> Bool {
            var padding = 1
            while true {
                switch next() {
                case .padding: padding += 1
                case .end: return padding <= limit
                case .value, .invalid: return false
                }
            }
        }

        private func classify(_ byte: UInt8) -> Character {
            if byte == UInt8(ascii: "=") { return .padding }
            let value = Base64.tables[768 + Int(byte)]
            return value == Base64.invalid ? .invalid : .value(UInt8(truncatingIfNeeded: value))
        }

        /// The character of an escape sequence whose backslash was read.
        private mutating func unescape() -> UInt8? {
            guard position < end else { return nil }
            let letter = text[position]
            position += 1
            switch letter {
            case UInt8(ascii: "n"): return 0x0A
            case UInt8(ascii: "r"): return 0x0D
            case UInt8(ascii: "t"): return 0x09
            case UInt8(ascii: "/"): return letter
            case UInt8(ascii: "u"):
                // .NET writes every plus sign as \u002B.
                guard position + 4 <= end, let unit = JSONEscapes.unit(text, at: position) else { return nil }
                position += 4
                return UInt8(exactly: unit)
            default: return nil
            }
        }

        private func isBlank(_ byte: UInt8) -> Bool {
            byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
        }

        private func lowercased(_ byte: UInt8) -> UInt8 {
            UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
        }
    }
}
