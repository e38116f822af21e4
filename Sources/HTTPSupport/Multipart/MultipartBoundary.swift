/// What separates the parts of a form: CR, LF, two dashes and the boundary of the content type.
struct MultipartBoundary {
    /// Where a delimiter is in some bytes.
    enum Place: Equatable {
        /// None begins anywhere.
        case nowhere
        /// One may begin here, but its end is not there yet.
        case maybe(Int)
        /// One begins here.
        case here(Int)
    }

    /// The bytes of a delimiter; CR occurs only at its beginning.
    let delimiter: [UInt8]

    /// The boundary that a request's `Content-Type` names.
    ///
    /// More characters are allowed than in RFC 2046, which many clients do not know: all that can be printed.
    init(contentType: String) throws(MultipartError) {
        let mediaType = String(contentType.prefix { $0 != ";" }).trimmingBlanks().lowercased()
        guard mediaType == "multipart/form-data" else { throw .notFormData }
        guard let boundary = HeaderParameters(contentType.utf8)?["boundary"].map({ Array($0.utf8) }),
            1...70 ~= boundary.count,
            boundary.allSatisfy({ 0x20...0x7E ~= $0 }), boundary.last != 0x20
        else { throw .badBoundary }
        delimiter = Array("\r\n--".utf8) + boundary
    }

    /// The first delimiter in some bytes.
    ///
    /// What a delimiter begins with occurs nowhere else in it, so that no byte is compared more than twice.
    func find(in bytes: Span<UInt8>) -> Place {
        var position = 0
        while position < bytes.count {
            guard bytes[position] == delimiter[0] else {
                position += 1
                continue
            }
            let length = matchLength(in: bytes, at: position, from: 0)
            switch verdict(length: length, from: 0, in: bytes, at: position) {
            case .here: return .here(position)
            case .maybe: return .maybe(position)
            case .nowhere: position += length
            }
        }
        return .nowhere
    }

    /// Whether the bytes begin with a delimiter without its line end, as the first of a body does.
    func isAtStart(of bytes: Span<UInt8>) -> Place {
        verdict(length: matchLength(in: bytes, at: 0, from: 2), from: 2, in: bytes, at: 0)
    }

    /// How many bytes from a position on are those of the delimiter from an offset on.
    private func matchLength(in bytes: Span<UInt8>, at position: Int, from offset: Int) -> Int {
        let limit = min(delimiter.count - offset, bytes.count - position)
        var length = 0
        while length < limit, bytes[position + length] == delimiter[offset + length] { length += 1 }
        return length
    }

    private func verdict(length: Int, from offset: Int, in bytes: Span<UInt8>, at position: Int) -> Place {
        // The byte behind tells a delimiter from a longer text that begins like one.
        guard position + length < bytes.count else { return .maybe(position) }
        guard length == delimiter.count - offset else { return .nowhere }
        switch bytes[position + length] {
        case 0x0D, 0x0A, 0x20, 0x09, UInt8(ascii: "-"): return .here(position)
        default: return .nowhere
        }
    }
}
