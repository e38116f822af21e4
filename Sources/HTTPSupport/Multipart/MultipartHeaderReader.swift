/// Puts the header of one part together, line by line.
///
/// `Content-Disposition` has to be there once, as `form-data` with a name; `filename*` is ignored, as RFC 7578 wants it.
/// A line that goes on in the next one is refused.
struct MultipartHeaderReader {
    private var disposition: HeaderParameters?
    private var contentType: String?

    /// Reads a line without its end.
    mutating func read(_ line: [UInt8]) throws(MultipartError) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            line[..<colon].allSatisfy({ 0x21...0x7E ~= $0 }),
            line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
        else { throw .malformedHeader }
        let value = line[(colon + 1)...]
        switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
        case "content-disposition":
            guard disposition == nil, let parameters = HeaderParameters(value) else { throw .malformedHeader }
            disposition = parameters
        case "content-type":
            guard contentType == nil else { throw .malformedHeader }
            contentType = text(value)
        case "content-transfer-encoding":
            // Browsers do not send it any more (RFC 7578, section 4.7), and these three change nothing.
            guard ["binary", "8bit", "7bit"].contains(text(value).lowercased()) else { throw .encodedPart }
        default: break
        }
    }

    /// The header when all lines have been read.
    func header() throws(MultipartError) -> MultipartHeader {
        guard let disposition, disposition.value == "form-data", let name = disposition["name"] else {
            throw .missingName
        }
        return MultipartHeader(name: name, filename: disposition["filename"], contentType: contentType)
    }

    private func text(_ value: ArraySlice<UInt8>) -> String {
        String(String(decoding: value, as: UTF8.self).trimmingBlanks())
    }
}
