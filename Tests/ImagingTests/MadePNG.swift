import CSPNG
import Glibc
import Imaging

/// PNG files of all kinds.
struct MadePNG {
    var width: Int
    var height: Int
    var colourType: spng_color_type
    var bitDepth = 8
    var isInterlaced = false
    var palette: [[UInt8]] = []
    /// The transparency of palette entries.
    var paletteAlpha: [UInt8] = []
    /// The grey, or red, green and blue, that is transparent.
    var transparentColour: [UInt16] = []
    var exif: [UInt8] = []
    var compressedText = ""

    /// Encodes samples that are already as the format wants them; 16-bit samples in the machine's order.
    func encode(_ samples: [UInt8]) -> [UInt8] {
        let context = unsafe spng_ctx_new(Int32(SPNG_CTX_ENCODER.rawValue))
        defer { unsafe spng_ctx_free(context) }
        unsafe spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1)
        var header = spng_ihdr(
            width: UInt32(width), height: UInt32(height), bit_depth: UInt8(bitDepth),
            color_type: UInt8(colourType.rawValue), compression_method: 0, filter_method: 0,
            interlace_method: isInterlaced ? 1 : 0)
        require(unsafe spng_set_ihdr(context, &header))
        unsafe setColours(context)
        // The encoder keeps pointers to these until it is done.
        let exif = UnsafeMutableBufferPointer<CChar>.allocate(capacity: exif.count)
        defer { unsafe exif.deallocate() }
        _ = unsafe exif.initialize(from: self.exif.map { CChar(bitPattern: $0) })
        let text = unsafe strdup(compressedText)
        defer { unsafe free(text) }
        unsafe setExtras(context, exif: exif, text: text)
        require(
            unsafe spng_encode_image(
                context, samples, samples.count, Int32(SPNG_FMT_PNG.rawValue), Int32(SPNG_ENCODE_FINALIZE.rawValue)))
        var (size, status): (Int, Int32) = (0, 0)
        let file = unsafe spng_get_png_buffer(context, &size, &status)
        defer { unsafe free(file) }
        require(status)
        return unsafe [UInt8](UnsafeRawBufferPointer(start: file, count: size))
    }

    private func setColours(_ context: OpaquePointer?) {
        if !palette.isEmpty {
            var chunk = spng_plte()
            chunk.n_entries = UInt32(palette.count)
            unsafe withUnsafeMutableBytes(of: &chunk.entries) { entries in
                for (index, colour) in palette.enumerated() {
                    for channel in 0..<3 { unsafe entries[4 * index + channel] = colour[channel] }
                }
            }
            require(unsafe spng_set_plte(context, &chunk))
        }
        guard !transparentColour.isEmpty || !paletteAlpha.isEmpty else { return }
        var chunk = spng_trns()
        if transparentColour.count == 1 { chunk.gray = transparentColour[0] }
        if transparentColour.count == 3 {
            (chunk.red, chunk.green, chunk.blue) = (transparentColour[0], transparentColour[1], transparentColour[2])
        }
        chunk.n_type3_entries = UInt32(paletteAlpha.count)
        unsafe withUnsafeMutableBytes(of: &chunk.type3_alpha) { alpha in
            for (index, value) in paletteAlpha.enumerated() { unsafe alpha[index] = value }
        }
        require(unsafe spng_set_trns(context, &chunk))
    }

    private func setExtras(
        _ context: OpaquePointer?, exif: UnsafeMutableBufferPointer<CChar>, text: UnsafeMutablePointer<CChar>?
    ) {
        if !exif.isEmpty {
            var chunk = unsafe spng_exif(length: exif.count, data: exif.baseAddress)
            require(unsafe spng_set_exif(context, &chunk))
        }
        if !compressedText.isEmpty {
            var chunk = unsafe spng_text()
            unsafe chunk.type = Int32(SPNG_ZTXT.rawValue)
            unsafe withUnsafeMutableBytes(of: &chunk.keyword) { unsafe $0[0] = UInt8(ascii: "k") }
            unsafe chunk.length = compressedText.utf8.count
            unsafe chunk.text = unsafe text
            require(unsafe spng_set_text(context, &chunk, 1))
        }
    }

    private func require(_ status: Int32) {
        precondition(status == 0, unsafe String(cString: spng_strerror(status)))
    }

    /// A true colour file of a picture.
    static func encode(_ picture: Picture) -> [UInt8] {
        MadePNG(width: picture.width, height: picture.height, colourType: SPNG_COLOR_TYPE_TRUECOLOR)
            .encode(picture.pixels)
    }
}
