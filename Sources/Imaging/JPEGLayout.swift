/// How the pixels of a JPEG file are spread over its scans, by its marker segments.
package struct JPEGLayout {
    /// Whether the decoder has to hold all frequencies of the picture, because one scan does not have them all.
    package let isBuffered: Bool

    /// Reads the segments up to the first scan.
    package init(of bytes: [UInt8]) {
        var componentCount: UInt8?
        for segment in JPEGSegments(bytes) {
            switch segment.marker {
            case 0xC0, 0xC1:
                // Behind precision and sides (ITU-T T.81, B.2.2).
                if segment.payload.count > 5 { componentCount = bytes[segment.payload.lowerBound + 5] }
            case JPEGSegments.startOfScan:
                isBuffered =
                    componentCount == nil || segment.payload.isEmpty
                    || bytes[segment.payload.lowerBound] != componentCount
                return
            default: continue
            }
        }
        isBuffered = true
    }

    /// How many scans there are; walks over the whole file.
    package func scanCount(of bytes: [UInt8]) -> Int {
        JPEGSegments(bytes).count { $0.marker == JPEGSegments.startOfScan }
    }
}
