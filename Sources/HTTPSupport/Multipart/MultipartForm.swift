public import NIOCore

/// A form in parts (`multipart/form-data`) that has arrived as a whole.
public struct MultipartForm: Sendable {
    /// One value of a field.
    public struct Part: Sendable, Hashable {
        /// The name of the field.
        public let name: String
        /// The name of the file that the part was on the client's side, if it was one; never to be used as a path.
        public let filename: String?
        /// The media type as the client wrote it.
        public let contentType: String?
        /// The contents; a slice of the body.
        public let bytes: ByteBuffer

        /// The contents as text.
        public var text: String { String(buffer: bytes) }
    }

    /// All parts in the order of the body.
    public let parts: [Part]

    /// Reads a body.
    ///
    /// - Parameters:
    ///   - contentType: the request's `Content-Type`, as it was sent.
    ///   - limits: what the form may ask for, beyond the size of the body.
    public static func parse(
        _ body: ByteBuffer, contentType: String, limits: MultipartLimits = MultipartLimits()
    ) throws(MultipartError) -> MultipartForm {
        var parser = try MultipartParser(contentType: contentType, limits: limits)
        parser.append(body)
        var parts: [Part] = []
        var header: MultipartHeader?
        var bytes = ByteBuffer()
        while let event = try parser.next() {
            switch event {
            case .part(let next):
                header = next
                bytes = ByteBuffer()
            // There is only one such event per part, since the parser has all bytes at once.
            case .bytes(let contents): bytes = contents
            case .partEnd:
                guard let header else { continue }
                parts.append(
                    Part(name: header.name, filename: header.filename, contentType: header.contentType, bytes: bytes))
            }
        }
        try parser.finish()
        return MultipartForm(parts: parts)
    }

    /// The first part with this name.
    public func first(_ name: String) -> Part? { parts.first { $0.name == name } }

    /// All parts with this name, in the order of the body.
    public func all(_ name: String) -> [Part] { parts.filter { $0.name == name } }
}
