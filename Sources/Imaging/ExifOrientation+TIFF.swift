extension ExifOrientation {
    /// Reads the orientation out of a TIFF block, the inside of a JPEG's EXIF segment or of a PNG's eXIf chunk.
    ///
    /// The block comes from a stranger: every offset is checked, and only the first directory is read. Anything odd
    /// means that the picture is taken as it is stored.
    init(tiff block: [UInt8]) {
        self = TIFFBlock(block)?.orientation ?? .upright
    }
}

/// A TIFF block of which only the first directory matters (TIFF 6.0, section 2).
private struct TIFFBlock {
    private let bytes: [UInt8]
    private let isBigEndian: Bool

    init?(_ bytes: [UInt8]) {
        if bytes.starts(with: [0x49, 0x49, 0x2A, 0x00]) {
            isBigEndian = false
        } else if bytes.starts(with: [0x4D, 0x4D, 0x00, 0x2A]) {
            isBigEndian = true
        } else {
            return nil
        }
        self.bytes = bytes
    }

    var orientation: ExifOrientation? {
        let (orientationTag, shortType) = (0x0112, 3)
        guard let directory = integer(at: 4, bytes: 4), let entries = integer(at: directory, bytes: 2) else {
            return nil
        }
        for index in 0..<entries {
            // Tag, type, number of values, and the value itself in the upper end of four bytes.
            let entry = directory + 2 + 12 * index
            guard let tag = integer(at: entry, bytes: 2), let type = integer(at: entry + 2, bytes: 2) else {
                return nil
            }
            guard tag == orientationTag else { continue }
            guard type == shortType, let value = integer(at: entry + 8, bytes: 2) else { return nil }
            return ExifOrientation(rawValue: value)
        }
        return nil
    }

    /// The unsigned number of 2 or 4 bytes at an offset; `nil` when it lies outside.
    private func integer(at offset: Int, bytes count: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - count else { return nil }
        let digits = bytes[offset..<offset + count]
        return isBigEndian
            ? digits.reduce(0) { $0 << 8 | Int($1) } : digits.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
