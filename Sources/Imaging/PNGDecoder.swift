import CSPNG

/// Decoding PNG files with libspng.
struct PNGDecoder {
    /// What the header chunk says.
    struct Shape {
        let width: Int
        let height: Int
        /// How many bytes the rows have when they are unpacked.
        let unpackedSize: Int
    }

    /// What texts and profiles may unpack to, alone and together, in bytes; pixels do not count.
    private static let ancillaryLimit = 8 << 20

    /// Reads the header chunk, which is the first one.
    func shape(of bytes: [UInt8]) throws(ImagingError) -> Shape {
        try unsafe withContext(for: bytes) { context throws(ImagingError) in
            var header = spng_ihdr()
            try unsafe check(spng_get_ihdr(context, &header))
            let type = UInt32(header.color_type)
            let channels =
                switch type {
                case SPNG_COLOR_TYPE_TRUECOLOR.rawValue: 3
                case SPNG_COLOR_TYPE_TRUECOLOR_ALPHA.rawValue: 4
                case SPNG_COLOR_TYPE_GRAYSCALE_ALPHA.rawValue: 2
                default: 1
                }
            let (width, height) = (Int(header.width), Int(header.height))
            // Both sides are below 2³¹.
            let rowSize = (width * channels * Int(header.bit_depth) + 7) / 8 + 1
            let (unpackedSize, overflow) = rowSize.multipliedReportingOverflow(by: height)
            return Shape(
                width: width, height: height, unpackedSize: overflow ? .max : unpackedSize)
        }
    }

    /// Reads the orientation, for which the chunks before the pixels are unpacked.
    func orientation(of bytes: [UInt8]) throws(ImagingError) -> ExifOrientation {
        try unsafe withContext(for: bytes) { context throws(ImagingError) in
            var header = spng_ihdr()
            try unsafe check(spng_get_ihdr(context, &header))
            return unsafe orientation(context)
        }
    }

    /// Decodes to interleaved RGB, in the stored orientation; what is transparent shows white.
    ///
    /// Sixteen bits become eight, palettes and greys become colours.
    ///
    /// - Parameters:
    ///   - width: the width that the header declared.
    ///   - height: the height that the header declared.
    func pixels(of bytes: [UInt8], width: Int, height: Int) throws(ImagingError) -> [UInt8] {
        try unsafe withContext(for: bytes) { context throws(ImagingError) in
            try unsafe check(spng_set_image_limits(context, UInt32(width), UInt32(height)))
            var header = spng_ihdr()
            try unsafe check(spng_get_ihdr(context, &header))
            guard try unsafe isTransparent(context, header) else {
                return try unsafe decode(context, SPNG_FMT_RGB8, flags: 0, count: 3 * width * height)
            }
            let transparent = try unsafe decode(
                context, SPNG_FMT_RGBA8, flags: Int32(SPNG_DECODE_TRNS.rawValue), count: 4 * width * height)
            return rgb(onWhite: transparent)
        }
    }

    private func isTransparent(_ context: OpaquePointer, _ header: spng_ihdr) throws(ImagingError) -> Bool {
        let type = UInt32(header.color_type)
        if type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA.rawValue || type == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA.rawValue {
            return true
        }
        var colours = spng_trns()
        let status = unsafe spng_get_trns(context, &colours)
        if status == Int32(SPNG_ECHUNKAVAIL.rawValue) { return false }
        try check(status)
        return true
    }

    /// The orientation of an eXIf chunk before the pixels, if there is one.
    private func orientation(_ context: OpaquePointer) -> ExifOrientation {
        var chunk = unsafe spng_exif()
        guard unsafe spng_get_exif(context, &chunk) == 0, let data = unsafe chunk.data else { return .upright }
        let block = unsafe UnsafeRawBufferPointer(start: data, count: chunk.length)
        return unsafe ExifOrientation(tiff: Array(block))
    }

    private func decode(
        _ context: OpaquePointer, _ format: spng_format, flags: Int32, count: Int
    ) throws(ImagingError) -> [UInt8] {
        var size = 0
        try unsafe check(spng_decoded_image_size(context, Int32(format.rawValue), &size))
        guard size == count else { throw .damaged(reason: "the header changed its mind") }
        var status: Int32 = 0
        let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            status = unsafe spng_decode_image(context, target.baseAddress, count, Int32(format.rawValue), flags)
            initialized = status == 0 ? count : 0
        }
        try check(status)
        return pixels
    }

    /// Lends a decoder that reads `bytes`, with its limits set.
    private func withContext<Result>(
        for bytes: [UInt8], _ body: (OpaquePointer) throws(ImagingError) -> Result
    ) throws(ImagingError) -> Result {
        guard let context = unsafe spng_ctx_new(0) else { throw .damaged(reason: "no memory for the PNG decoder") }
        defer { unsafe spng_ctx_free(context) }
        return try unsafe bytes.withUnsafeBufferPointer { bytes throws(ImagingError) in
            try unsafe check(spng_set_chunk_limits(context, Self.ancillaryLimit, Self.ancillaryLimit))
            try unsafe check(spng_set_png_buffer(context, bytes.baseAddress, bytes.count))
            return try unsafe body(context)
        }
    }

    private func check(_ status: Int32) throws(ImagingError) {
        guard status == 0 else { throw .damaged(reason: unsafe String(cString: spng_strerror(status))) }
    }
}

/// Lays RGBA pixels over white paper: `alpha · colour + (1 − alpha) · 255`.
private func rgb(onWhite transparent: [UInt8]) -> [UInt8] {
    let pixelCount = transparent.count / 4
    return unsafe [UInt8](unsafeUninitializedCapacity: 3 * pixelCount) { target, count in
        unsafe transparent.withUnsafeBufferPointer { source in
            for pixel in 0..<pixelCount {
                let alpha = unsafe Int32(source[4 * pixel + 3])
                for channel in 0..<3 {
                    let colour = unsafe Int32(source[4 * pixel + channel])
                    let mixed = (alpha * colour + (255 - alpha) * 255 + 127) / 255
                    unsafe target[3 * pixel + channel] = UInt8(truncatingIfNeeded: mixed)
                }
            }
        }
        count = 3 * pixelCount
    }
}
