import CJPEGKernels

/// Two threads for one picture: the same pixels, bit for bit, for sound files of the usual kind.
extension JPEGDecoder {
    /// Below so many pixels nobody is asked to help.
    private static let leastToShare = 1 << 16

    /// The pixels, decoded by two threads.
    ///
    /// - Returns: `nil` for a small picture, and where the decoder has anything to complain of.
    static func sharedPixels(
        of file: [UInt8], width: Int, height: Int, reducedBy reduction: JPEGReduction, helpers: any Helpers
    ) -> [UInt8]? {
        guard width * height >= leastToShare else { return nil }
        let count = 3 * width * height
        let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            unsafe file.withUnsafeBufferPointer { file in
                var rows = unsafe jpeg_rows()
                unsafe rows.file = file.baseAddress
                unsafe rows.count = file.count
                unsafe rows.denominator = Int32(reduction.rawValue)
                unsafe rows.width = Int32(width)
                unsafe rows.height = Int32(height)
                unsafe rows.split = Int32(Float(height) * reduction.upperPart)
                unsafe rows.pixels = target.baseAddress
                unsafe withUnsafeMutablePointer(to: &rows) { rows in
                    nonisolated(unsafe) let shared = unsafe rows
                    helpers.share { number in
                        if number == 0 { unsafe jpeg_rows_upper(shared) } else { unsafe jpeg_rows_lower(shared) }
                    }
                }
                initialized = unsafe rows.has_failed ? 0 : count
            }
        }
        return pixels.isEmpty ? nil : pixels
    }
}

extension JPEGReduction {
    /// How much of a picture the first of two threads decodes, so that both are ready at the same time: the second one
    /// has to read all codes, too, which is a larger part of the work for a smaller picture.
    fileprivate var upperPart: Float {
        switch self {
        case .none: 0.66
        case .half: 0.74
        case .quarter: 0.8
        case .eighth: 0.7
        }
    }
}
