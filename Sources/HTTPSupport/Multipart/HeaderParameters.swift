/// A header's value of the form `value; name=text; name="text"`.
///
/// In quotes, a backslash takes away the meaning of a quote or of another backslash only: some clients send the paths
/// of Windows as they are. Percent signs have no meaning.
struct HeaderParameters {
    /// What stands before the first semicolon, in lower case.
    let value: String
    private let parameters: [String: String]

    /// The text of a parameter; names are in lower case.
    subscript(name: String) -> String? { parameters[name] }

    /// The value that a text writes, or `nil` when it is not well-formed or names a parameter twice.
    init?(_ text: some Collection<UInt8>) {
        var reader = Reader(rest: text[...])
        value = reader.text(until: [UInt8(ascii: ";")]).lowercased()
        var parameters: [String: String] = [:]
        while reader.skip(UInt8(ascii: ";")) {
            reader.skipBlanks()
            // A semicolon at the end is common.
            if reader.rest.isEmpty { break }
            let name = reader.text(until: [UInt8(ascii: "="), UInt8(ascii: ";")]).lowercased()
            guard !name.isEmpty, reader.skip(UInt8(ascii: "=")) else { return nil }
            reader.skipBlanks()
            let quoted = reader.rest.first == UInt8(ascii: "\"")
            guard let text = quoted ? reader.quotedText() : reader.text(until: [UInt8(ascii: ";")]),
                parameters.updateValue(text, forKey: name) == nil
            else { return nil }
        }
        guard reader.rest.isEmpty else { return nil }
        self.parameters = parameters
    }
}

/// Takes pieces from the front of a text.
private struct Reader<Rest: Collection<UInt8>> where Rest.SubSequence == Rest {
    var rest: Rest

    mutating func skip(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func skipBlanks() { rest = rest.drop(while: isBlank) }

    /// The text up to one of these characters or to the end, without the blanks around it.
    mutating func text(until ends: [UInt8]) -> String {
        skipBlanks()
        let text = rest.prefix { !ends.contains($0) }
        rest = rest.dropFirst(text.count)
        let trailing = text.reversed().prefix(while: isBlank).count
        return String(decoding: text.dropLast(trailing), as: UTF8.self)
    }

    mutating func quotedText() -> String? {
        guard skip(UInt8(ascii: "\"")) else { return nil }
        var text: [UInt8] = []
        while let byte = rest.first {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: "\"") {
                skipBlanks()
                return String(decoding: text, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\"), let next = rest.first,
                next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\")
            {
                text.append(next)
                rest = rest.dropFirst()
            } else {
                text.append(byte)
            }
        }
        return nil
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
