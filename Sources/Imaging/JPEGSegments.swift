import Glibc

/// The marker segments of a JPEG file in their order (ITU-T T.81, annex B), without decoding anything.
///
/// Pixel data behind a start of scan is skipped, as is rubbish between segments; the decoder does the same. Offsets
/// never leave the file, whatever it says.
package struct JPEGSegments: Sequence, IteratorProtocol {
    /// One segment.
    package struct Segment {
        /// The second byte of its marker.
        package let marker: UInt8
        /// Where its payload is, behind the length; empty for a marker without one.
        package let payload: Range<Int>
    }

    static let endOfImage: UInt8 = 0xD9
    package static let startOfScan: UInt8 = 0xDA
    static let application1: UInt8 = 0xE1

    private let bytes: [UInt8]
    private var position = 2

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package mutating func next() -> Segment? {
        guard let marker = nextMarker() else { return nil }
        if marker == Self.endOfImage {
            defer { position = bytes.count }
            return Segment(marker: marker, payload: position..<position)
        }
        guard position + 2 <= bytes.count else { return nil }
        let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
        let end = position + length
        guard length >= 2, end <= bytes.count else { return nil }
        defer { position = end }
        return Segment(marker: marker, payload: position + 2..<end)
    }

    /// Finds the next marker that starts a segment or ends the file, and steps behind it.
    ///
    /// Stuffed zeros, restart markers and TEM stand alone, in pixel data or between segments.
    private mutating func nextMarker() -> UInt8? {
        let (bytes, start) = (bytes, position)
        return unsafe bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return nil }
            var index = start
            // Pixel data is nearly all of a file, and a marker in it is rare.
            while index + 1 < bytes.count, let place = unsafe memchr(base + index, 0xFF, bytes.count - 1 - index) {
                index = unsafe UnsafeRawPointer(place) - UnsafeRawPointer(base) + 1
                let code = unsafe bytes[index]
                switch code {
                case 0xFF: continue
                case 0x00, 0x01, 0xD0...0xD7: index += 1
                default:
                    position = index + 1
                    return code
                }
            }
            position = bytes.count
            return nil
        }
    }

    /// The orientation that the EXIF segment before the pixels asks for.
    static func orientation(of bytes: [UInt8]) -> ExifOrientation {
        let name = Array("Exif\0\0".utf8)
        for segment in JPEGSegments(bytes) {
            if segment.marker == startOfScan { break }
            guard segment.marker == application1, bytes[segment.payload].starts(with: name) else { continue }
            return ExifOrientation(tiff: Array(bytes[segment.payload].dropFirst(name.count)))
        }
        return .upright
    }
}
