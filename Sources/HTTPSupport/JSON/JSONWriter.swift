public import Foundation
public import NIOCore

/// Writes JSON straight into a response's bytes, keys in the order of the calls.
///
/// A page of 5,000 persons has 60,000 values, so nothing is built as a tree or as a `String` first. Only what must be
/// escaped is escaped: quotes, backslashes and control characters, never `/`.
///
/// - Precondition: calls follow the grammar; the writer sets commas, and it does not check for a missing key.
public struct JSONWriter: Sendable {
    /// How much is written before it is set aside: an answer of many megabytes never moves to a larger place.
    private static let chunkSize = 256 << 10

    private var chunks: [ByteBuffer] = []
    private var bytes: [UInt8] = []
    private var needsComma = false

    /// What was written so far, in one piece.
    public var buffer: ByteBuffer {
        guard !chunks.isEmpty else { return ByteBuffer(bytes: bytes) }
        var whole = ByteBufferAllocator().buffer(capacity: byteCount)
        for var chunk in pieces { whole.writeBuffer(&chunk) }
        return whole
    }

    /// What was written so far, in pieces as they lie.
    var pieces: [ByteBuffer] { bytes.isEmpty ? chunks : chunks + [ByteBuffer(bytes: bytes)] }

    /// How many bytes were written so far.
    public var byteCount: Int { chunks.reduce(bytes.count) { $0 + $1.readableBytes } }

    /// A writer with an empty buffer.
    ///
    /// - Parameter capacity: how many bytes the answer will need, roughly.
    public init(capacity: Int = 1024) {
        bytes.reserveCapacity(capacity)
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

    /// Writes the values that another writer holds, as elements of an array.
    public mutating func elements(of other: JSONWriter) {
        guard other.byteCount > 0 else { return }
        separate()
        if other.chunks.isEmpty {
            bytes += other.bytes
        } else {
            setAside()
            chunks += other.chunks
            bytes = other.bytes
        }
        needsComma = true
    }

    /// Writes a key that needs no escaping; its value must follow.
    public mutating func key(_ key: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        append(key)
        append("\":")
        needsComma = false
    }

    /// Writes a key that is not known before the program runs; its value must follow.
    public mutating func key(text: String) {
        value(text)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a key that needs no escaping with a text.
    public mutating func member(_ key: StaticString, _ text: String) {
        self.key(key)
        value(text)
    }

    /// Writes a key that needs no escaping with a whole number.
    public mutating func member(_ key: StaticString, _ number: Int) {
        self.key(key)
        value(number)
    }

    /// Writes a key that needs no escaping with `true` or `false`.
    public mutating func member(_ key: StaticString, _ flag: Bool) {
        self.key(key)
        value(flag)
    }

    /// Writes a key that needs no escaping with a GUID.
    public mutating func member(_ key: StaticString, _ id: UUID) {
        self.key(key)
        value(id)
    }

    /// Writes a key that needs no escaping with a time.
    public mutating func member(_ key: StaticString, _ date: Date) {
        self.key(key)
        value(date)
    }

    /// Writes a text.
    public mutating func value(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in unsafe escape(utf8) }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// Writes bytes as a text in base64.
    public mutating func base64(_ file: [UInt8]) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        // Whole groups of three bytes need no padding.
        let pieceSize = 3 << 16
        for start in stride(from: 0, to: file.count, by: pieceSize) {
            let piece = file[start..<min(start + pieceSize, file.count)]
            bytes.append(contentsOf: Data(piece).base64EncodedData())
            if bytes.count >= Self.chunkSize { setAside() }
        }
        bytes.append(UInt8(ascii: "\""))
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
        append(flag ? "true" : "false")
        needsComma = true
    }

    /// Writes a value that is JSON already; it is not checked.
    public mutating func raw(json: String) {
        separate()
        bytes.append(contentsOf: json.utf8)
        needsComma = true
    }

    /// Writes `null`.
    public mutating func null() {
        separate()
        append("null")
        needsComma = true
    }

    /// Writes a GUID as text in upper case.
    public mutating func value(_ id: UUID) {
        separate()
        let characters = GUID.characters(id)
        quoted(characters.span)
        needsComma = true
    }

    /// Writes a time as text in the form of ``Timestamp``.
    public mutating func value(_ date: Date) {
        separate()
        let characters = Timestamp.characters(date)
        quoted(characters.span)
        needsComma = true
    }

    /// Writes a number with at most this many significant digits and without an exponent; what is not finite is 0.
    public mutating func significant(_ number: Double, digits: Int = 6) {
        separate()
        bytes.append(contentsOf: DecimalText.significant(number, digits: digits).utf8)
        needsComma = true
    }

    /// Writes a similarity as text: 0…1 with 17 significant digits, 0 below one in a million.
    public mutating func similarity(_ similarity: Double) {
        separate()
        let clamped = similarity < 1e-6 || similarity.isNaN ? 0 : min(1, similarity)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: DecimalText.significant(clamped, digits: 17).utf8)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
        if bytes.count >= Self.chunkSize { setAside() }
    }

    private mutating func setAside() {
        guard !bytes.isEmpty else { return }
        chunks.append(ByteBuffer(bytes: bytes))
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func quoted(_ characters: Span<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        unsafe characters.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func decimal(_ number: Int) {
        guard number < 0 || number > 9 else {
            bytes.append(UInt8(ascii: "0") + UInt8(number))
            return
        }
        bytes.append(contentsOf: String(number).utf8)
    }

    private mutating func escape(_ utf8: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for index in 0..<utf8.count {
            let byte = unsafe utf8[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<index]))
            start = index + 1
            bytes.append(UInt8(ascii: "\\"))
            switch byte {
            case 0x08: bytes.append(UInt8(ascii: "b"))
            case 0x09: bytes.append(UInt8(ascii: "t"))
            case 0x0A: bytes.append(UInt8(ascii: "n"))
            case 0x0C: bytes.append(UInt8(ascii: "f"))
            case 0x0D: bytes.append(UInt8(ascii: "r"))
            case 0x00..<0x20:
                append("u00")
                bytes.append(HexDigits.digit(byte >> 4))
                bytes.append(HexDigits.digit(byte & 15))
            default: bytes.append(byte)
            }
        }
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
    }
}
