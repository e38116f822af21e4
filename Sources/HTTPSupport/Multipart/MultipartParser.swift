public import NIOCore

/// Reads a form in parts (RFC 7578, RFC 2046) as its bytes arrive.
///
/// ```swift
/// var parser = try MultipartParser(contentType: contentType)
/// for try await buffer in body {
///     parser.append(buffer)
///     while let event = try parser.next() { … }
/// }
/// try parser.finish()
/// ```
///
/// Beyond the contents, which go out as they come in, it keeps an unfinished line of a header or the beginning of what
/// may become a boundary. The time that it takes grows with the number of bytes, whatever they are.
///
/// A boundary has to follow CR and LF; lines of headers may end with LF alone. What stands before the first boundary
/// and behind the last is ignored. Once an error was thrown, the parser is of no further use.
public struct MultipartParser: Sendable {
    /// What comes next in a form.
    public enum Event: Sendable, Hashable {
        /// A part begins.
        case part(MultipartHeader)
        /// Contents of the part, never empty; a slice of what was appended where that is possible.
        case bytes(ByteBuffer)
        /// The part is complete.
        case partEnd
    }

    private enum State {
        /// Outside of any part or inside; at the very beginning, a delimiter needs no line end of its own.
        case contents(isPart: Bool, isBeginning: Bool)
        /// Behind a boundary.
        case delimiter(isPadded: Bool)
        case header(MultipartHeaderReader)
        case epilogue
    }

    private let boundary: MultipartBoundary
    private let limits: MultipartLimits
    private var buffer = ByteBuffer()
    private var state = State.contents(isPart: false, isBeginning: true)
    private var partCount = 0
    /// How many bytes of the current part's header were read.
    private var headerSize = 0
    /// How many readable bytes hold no line end.
    private var searched = 0

    /// A parser for a body of this content type.
    ///
    /// - Parameter contentType: the request's `Content-Type`, as it was sent.
    /// - Throws: ``MultipartError/notFormData`` or ``MultipartError/badBoundary``.
    public init(contentType: String, limits: MultipartLimits = MultipartLimits()) throws(MultipartError) {
        self.boundary = try MultipartBoundary(contentType: contentType)
        self.limits = limits
    }

    /// Takes the next bytes of the body; call ``next()`` until it returns `nil`.
    public mutating func append(_ bytes: ByteBuffer) {
        guard buffer.readableBytes > 0 else {
            buffer = bytes
            return
        }
        buffer.discardReadBytes()
        var bytes = bytes
        buffer.writeBuffer(&bytes)
    }

    /// The next event, or `nil` when it takes more bytes to tell.
    public mutating func next() throws(MultipartError) -> Event? {
        while true {
            switch state {
            case .contents(let isPart, true):
                switch boundary.isAtStart(of: buffer.readableBytesUInt8Span) {
                case .maybe: return nil
                case .nowhere: state = .contents(isPart: isPart, isBeginning: false)
                case .here:
                    skip(boundary.delimiter.count - 2)
                    state = .delimiter(isPadded: false)
                    if isPart { return .partEnd }
                }
            case .contents(let isPart, false):
                switch boundary.find(in: buffer.readableBytesUInt8Span) {
                case .here(0):
                    skip(boundary.delimiter.count)
                    state = .delimiter(isPadded: false)
                    if isPart { return .partEnd }
                case .here(let count), .maybe(let count):
                    guard let contents = take(count) else { return nil }
                    if isPart { return .bytes(contents) }
                case .nowhere:
                    guard let contents = take(buffer.readableBytes) else { return nil }
                    if isPart { return .bytes(contents) }
                }
            case .delimiter(let isPadded): guard try readDelimiter(isPadded: isPadded) else { return nil }
            case .header(var reader):
                guard let line = try readLine() else { return nil }
                if line.isEmpty {
                    state = .contents(isPart: true, isBeginning: true)
                    return .part(try reader.header())
                }
                try reader.read(line)
                state = .header(reader)
            case .epilogue:
                buffer = ByteBuffer()
                return nil
            }
        }
    }

    /// Says that the body has ended.
    ///
    /// - Throws: ``MultipartError/incomplete`` when the last boundary is missing.
    public func finish() throws(MultipartError) {
        guard case .epilogue = state else { throw .incomplete }
    }

    /// Reads what follows a boundary: two dashes, or blanks and a line end.
    ///
    /// - Returns: whether something was read.
    private mutating func readDelimiter(isPadded: Bool) throws(MultipartError) -> Bool {
        switch byte(0) {
        case nil: return false
        case 0x20, 0x09:
            skip(1)
            state = .delimiter(isPadded: true)
        case 0x0A:
            skip(1)
            try beginHeader()
        case 0x0D:
            guard let second = byte(1) else { return false }
            guard second == 0x0A else { throw .malformedDelimiter }
            skip(2)
            try beginHeader()
        case UInt8(ascii: "-") where !isPadded:
            guard let second = byte(1) else { return false }
            guard second == UInt8(ascii: "-") else { throw .malformedDelimiter }
            state = .epilogue
        default: throw .malformedDelimiter
        }
        return true
    }

    private mutating func beginHeader() throws(MultipartError) {
        guard partCount < limits.maximumParts else { throw .tooManyParts(limit: limits.maximumParts) }
        partCount += 1
        headerSize = 0
        searched = 0
        state = .header(MultipartHeaderReader())
    }

    /// The next line of a header without its end, if it is complete.
    private mutating func readLine() throws(MultipartError) -> [UInt8]? {
        let rest = limits.maximumHeaderSize - headerSize
        searched = endOfLine(from: searched, limit: rest)
        guard searched < rest else { throw .headersTooLarge(limit: limits.maximumHeaderSize) }
        guard searched < buffer.readableBytes, var line = buffer.readBytes(length: searched) else { return nil }
        skip(1)
        headerSize += searched + 1
        searched = 0
        if line.last == 0x0D { line.removeLast() }
        return line
    }

    /// The place of the first line end from a place on, or where the search stopped without one.
    private func endOfLine(from start: Int, limit: Int) -> Int {
        let bytes = buffer.readableBytesUInt8Span
        let end = min(bytes.count, limit)
        var place = start
        while place < end, bytes[place] != 0x0A { place += 1 }
        return place
    }

    private func byte(_ place: Int) -> UInt8? { buffer.getInteger(at: buffer.readerIndex + place) }

    private mutating func take(_ count: Int) -> ByteBuffer? { count > 0 ? buffer.readSlice(length: count) : nil }

    private mutating func skip(_ count: Int) { buffer.moveReaderIndex(forwardBy: count) }
}
