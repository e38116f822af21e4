import NIOCore

/// One value of a request body, still in the body's bytes; it is decoded in the form that a caller asks for.
///
/// Reading is tolerant, as clients disagree about types: a number may stand for its text and the reverse, `true` for 1.
/// No value of this type is `null`; a null counts as absent before anybody sees it.
public struct JSONValue: Sendable {
    let body: ByteBuffer
    let slice: JSONSlice

    /// The value as text: a string's text, or a number, `true` or `false` exactly as written.
    ///
    /// It is `nil` for objects and arrays.
    public var text: String? {
        switch slice.kind {
        case .string, .number, .true, .false:
            slice.hasEscapes ? JSONEscapes.text(body.readableBytesUInt8Span, in: slice.range) : json
        case .object, .array, .null: nil
        }
    }

    /// The JSON text of the value as it stands in the body; of a string what is between the quotes.
    public var json: String {
        body.getString(at: body.readerIndex + slice.range.lowerBound, length: slice.range.count) ?? ""
    }

    /// The value as a whole number: a number or a text of one, `true` as 1, `false` as 0.
    ///
    /// `2.0` and `1e3` are whole numbers too. Beyond the range of `Int` the nearest `Int` is returned.
    public var integer: Int? {
        switch slice.kind {
        case .true: return 1
        case .false: return 0
        case .number, .string:
            // No whole number needs more; a longer text, a photo say, is not even looked at.
            guard slice.range.count <= 64, let text = text?.trimmingBlanks() else { return nil }
            if let integer = Int(text) { return integer }
            if text == "true" { return 1 }
            if text == "false" { return 0 }
            guard let number = Double(text), number.rounded(.towardZero) == number, number.isFinite else { return nil }
            return Int(exactly: number) ?? (number < 0 ? .min : .max)
        case .object, .array, .null: return nil
        }
    }

    /// The value as a finite number: a number or a text of one.
    public var number: Double? {
        guard slice.kind == .number || slice.kind == .string, slice.range.count <= 64,
            let number = (text?.trimmingBlanks()).flatMap(Double.init), number.isFinite
        else { return nil }
        return number
    }

    /// The value as yes or no: `true`, `false`, or the whole number 0 for no and any other for yes.
    public var bool: Bool? { integer.map { $0 != 0 } }

    /// Whether the value is written as a string.
    public var isText: Bool { slice.kind == .string }

    /// Whether the value is written as a number.
    public var isNumber: Bool { slice.kind == .number }

    /// Whether the value is `true` or `false`.
    public var isFlag: Bool { slice.kind == .true || slice.kind == .false }

    /// The bytes that a base64 text stands for, decoded straight from the body; see ``Base64`` for what is tolerated.
    public var bytesOfBase64: [UInt8]? {
        guard slice.kind == .string else { return nil }
        return Base64.decode(body.readableBytesUInt8Span, in: slice.range, isJSONEscaped: slice.hasEscapes)
    }

    /// The members, if the value is an object.
    public var object: JSONObject? {
        guard slice.kind == .object else { return nil }
        return try? JSONObject(body, range: slice.range)
    }

    /// The elements, if the value is an array; nulls are left out.
    public var elements: [JSONValue]? { elementsWithNulls?.compactMap(\.self) }

    /// The elements, if the value is an array, with `nil` for nulls.
    public var elementsWithNulls: [JSONValue?]? {
        guard slice.kind == .array else { return nil }
        var scanner = JSONScanner(body.readableBytesUInt8Span, from: slice.range.lowerBound, to: slice.range.upperBound)
        var elements: [JSONValue?] = []
        do throws(JSONError) {
            try scanner.expect(UInt8(ascii: "["))
            if try scanner.skip(UInt8(ascii: "]")) { return [] }
            repeat {
                let element = try scanner.value()
                elements.append(element.kind == .null ? nil : JSONValue(body: body, slice: element))
            } while try scanner.skip(UInt8(ascii: ","))
        } catch {
            return nil
        }
        return elements
    }

    /// Whether a string anywhere in the value holds the character NUL, which databases cannot store in a text.
    public var containsNUL: Bool {
        let bytes = body.readableBytesUInt8Span
        var position = slice.range.lowerBound
        // A NUL is always escaped and a backslash occurs only in strings, so no grammar is needed here.
        while position + 1 < slice.range.upperBound {
            guard bytes[position] == UInt8(ascii: "\\") else {
                position += 1
                continue
            }
            if bytes[position + 1] == UInt8(ascii: "u"), JSONEscapes.unit(bytes, at: position + 2) == 0 { return true }
            position += 2
        }
        return false
    }
}
