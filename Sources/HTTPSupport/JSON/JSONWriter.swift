public import Foundation
public import NIOCore

/// Writes JSON straight into a response's bytes, keys in the order of the calls.
///
/// A page of 5,000 persons has 60,000 values, so nothing is built as a tree or as a `String` first. Only what must be
/// escaped is escaped: quotes, backslashes and control characters, never `/`.
///
/// - Precondition: calls follow the grammar; the writer sets commas, and it does not check for a missing key.
public struct JSONWriter: Sendable {
    /// What was written so far.
    public private(set) var buffer: ByteBuffer
    private var needsComma = false

    /// A writer with an empty buffer.
    ///
    /// - Parameter capacity: how many bytes the answer will need, roughly.
    public init(capacity: Int = 1024) {
        self.buffer = ByteBufferAllocator().buffer(capacity: capacity)
    }

    /// Writes an object whose members `body` writes.
    public mutating func object(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        body(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes an array whose elements `body` writes.
    public mutating func array(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "["))
        body(&self)
        close(UInt8(ascii: "]"))
    }

    /// Writes a key that needs no escaping; its value must follow.
    public mutating func key(_ key: StaticString) {
        separate()
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeStaticString(key)
        buffer.writeStaticString("\":")
        needsComma = false
    }

    /// Writes a key that is not known before the program runs; its value must follow.
    public mutating func key(text: String) {
        value(text)
        buffer.writeInteger(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a text.
    public mutating func value(_ text: String) {
        separate()
        buffer.writeInteger(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in unsafe escape(utf8) }
        buffer.writeInteger(UInt8(ascii: "\""))
        needsComma = true
    }

    /// Writes a whole number.
    public mutating func value(_ number: Int) {
        separate()
        decimal(number)
        needsComma = true
    }

    /// Writes `true` or `false`.
    public mutating func value(_ flag: Bool) {
        separate()
        buffer.writeStaticString(flag ? "true" : "false")
        needsComma = true
    }

    /// Writes a GUID as text in upper case.
    public mutating func value(_ id: UUID) {
        separate()
        let characters = GUID.characters(id)
        unsafe quoted(characters.span.bytes)
        needsComma = true
    }

    /// Writes a time as text in the form of ``Timestamp``.
    public mutating func value(_ date: Date) {
        separate()
        let characters = Timestamp.characters(date)
        unsafe quoted(characters.span.bytes)
        needsComma = true
    }

    /// Writes a number with at most this many significant digits and without an exponent; what is not finite is 0.
    public mutating func significant(_ number: Double, digits: Int = 6) {
        separate()
        buffer.writeString(DecimalText.significant(number, digits: digits))
        needsComma = true
    }

    /// Writes a similarity as text: 0…1 with 17 significant digits, 0 below one in a million.
    public mutating func similarity(_ similarity: Double) {
        separate()
        let clamped = similarity < 1e-6 || similarity.isNaN ? 0 : min(1, similarity)
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeString(DecimalText.significant(clamped, digits: 17))
        buffer.writeInteger(UInt8(ascii: "\""))
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        buffer.writeInteger(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        buffer.writeInteger(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
    }

    private mutating func quoted(_ bytes: RawSpan) {
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeBytes(bytes)
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    private mutating func decimal(_ number: Int) {
        guard number < 0 || number > 9 else {
            buffer.writeInteger(UInt8(ascii: "0") + UInt8(number))
            return
        }
        buffer.writeString(String(number))
    }

    private mutating func escape(_ utf8: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for index in 0..<utf8.count {
            let byte = unsafe utf8[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            unsafe buffer.writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(utf8)[start..<index]))
            start = index + 1
            buffer.writeInteger(UInt8(ascii: "\\"))
            switch byte {
            case 0x08: buffer.writeInteger(UInt8(ascii: "b"))
            case 0x09: buffer.writeInteger(UInt8(ascii: "t"))
            case 0x0A: buffer.writeInteger(UInt8(ascii: "n"))
            case 0x0C: buffer.writeInteger(UInt8(ascii: "f"))
            case 0x0D: buffer.writeInteger(UInt8(ascii: "r"))
            case 0x00..<0x20:
                buffer.writeStaticString("u00")
                buffer.writeInteger(HexDigits.digit(byte >> 4))
                buffer.writeInteger(HexDigits.digit(byte & 15))
            default: buffer.writeInteger(byte)
            }
        }
        unsafe buffer.writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(utf8)[start...]))
    }
}
