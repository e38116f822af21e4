import CTurboJPEG

/// One libjpeg-turbo decompressor.
///
/// Owning the value owns the decoder's memory: it moves, it is never copied, and it is freed when it ends.
@safe struct JPEGDecoder: ~Copyable {
    /// What the header says.
    struct Header {
        let width: Int
        let height: Int
        /// Whether pixels are inks, as pictures for print have them.
        let isCMYK: Bool
        /// How many samples the decoder holds for each pixel on average, rounded up.
        let samplesPerPixel: Int
    }

    /// More scans than any sensible progressive picture has; each one costs a walk over all pixels.
    private static let maxScans = 100

    private let handle: tjhandle

    init() throws(ImagingError) {
        guard let handle = unsafe tjInitDecompress() else { throw .damaged(reason: "no memory for the JPEG decoder") }
        unsafe self.handle = handle
    }

    deinit { unsafe tjDestroy(handle) }

    /// Reads the header.
    func header(of bytes: [UInt8]) throws(ImagingError) -> Header {
        var width: Int32 = 0
        var height: Int32 = 0
        var subsampling: Int32 = -1
        var colours: Int32 = -1
        // A failure is also reported for a mere warning and for unusual subsampling, both after all is filled in;
        // what counts is whether it was.
        _ = unsafe tjDecompressHeader3(
            handle, bytes, UInt(bytes.count), &width, &height, &subsampling, &colours)
        guard width > 0, height > 0, colours >= 0 else { throw .damaged(reason: message) }
        let isCMYK = colours == Int32(TJCS_CMYK.rawValue) || colours == Int32(TJCS_YCCK.rawValue)
        // Known subsampling halves two of three components once or twice; whatever is unusual is taken for full.
        let samplesPerPixel =
            switch subsampling {
            case Int32(TJSAMP_GRAY.rawValue): 1
            case Int32(TJSAMP_420.rawValue), Int32(TJSAMP_411.rawValue), Int32(TJSAMP_422.rawValue),
                Int32(TJSAMP_440.rawValue):
                isCMYK ? 4 : 2
            default: isCMYK ? 4 : 3
            }
        return Header(width: Int(width), height: Int(height), isCMYK: isCMYK, samplesPerPixel: samplesPerPixel)
    }

    /// Decodes to interleaved RGB, in the stored orientation.
    ///
    /// - Parameter helpers: `nil` keeps the work on the calling thread.
    func pixels(
        of bytes: [UInt8], reducedBy reduction: JPEGReduction, helpers: (any Helpers)?
    ) throws(ImagingError) -> [UInt8] {
        let scans = JPEGSegments(bytes).count { $0.marker == JPEGSegments.startOfScan }
        guard scans <= Self.maxScans else { throw .damaged(reason: "more than \(Self.maxScans) scans") }
        let header = try header(of: bytes)
        if scans == 1, !header.isCMYK, let helpers,
            let pixels = Self.sharedPixels(
                of: bytes, width: reduction.reduced(header.width), height: reduction.reduced(header.height),
                reducedBy: reduction, helpers: helpers)
        {
            return pixels
        }
        // What is wrong with a file is told by the decoder that reads all of it.
        return try plainPixels(of: bytes, header, reducedBy: reduction)
    }

    /// The same by one decoder that reads everything.
    private func plainPixels(
        of bytes: [UInt8], _ header: Header, reducedBy reduction: JPEGReduction
    ) throws(ImagingError) -> [UInt8] {
        let width = reduction.reduced(header.width)
        let height = reduction.reduced(header.height)
        let (format, channels) = header.isCMYK ? (TJPF_CMYK, 4) : (TJPF_RGB, 3)
        let count = channels * width * height

        // Damage stops the decoder at once: a short file cannot make it work through a large picture.
        var failure: ImagingError?
        var pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            func run(flags: Int32) -> Bool {
                unsafe tjDecompress2(
                    handle, bytes, UInt(bytes.count), target.baseAddress, Int32(width), Int32(channels * width),
                    Int32(height), format.rawValue, flags | TJFLAG_LIMITSCANS) == 0
            }
            if !run(flags: TJFLAG_STOPONWARNING) {
                if !isHarmless(message) {
                    failure = .damaged(reason: message)
                } else if !Self.isComplete(bytes) {
                    failure = .damaged(reason: "the file ends before the picture does")
                } else if !run(flags: 0), !isHarmless(message) {
                    failure = .damaged(reason: message)
                }
            }
            initialized = failure == nil ? count : 0
        }
        if let failure { throw failure }
        if header.isCMYK { pixels = rgb(fromInvertedCMYK: pixels) }
        return pixels
    }

    /// Whether a message of the decoder is a warning about something that does not show in the picture.
    ///
    /// Fatal errors and damaged pixel data have other messages (libjpeg's `jerror.h`). The code of the library does
    /// not tell these apart: it stays "warning" when an error follows a warning.
    private func isHarmless(_ message: String) -> Bool {
        guard unsafe tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue) else { return false }
        return message.contains("extraneous bytes before marker") || message.contains("Unknown Adobe color transform")
            || message.contains("Inconsistent progression sequence") || message.contains("unknown JFIF revision")
    }

    /// Whether the markers lead to the end of the picture.
    ///
    /// Only the first warning has a message, so that a missing end behind a harmless one would go unseen.
    private static func isComplete(_ bytes: [UInt8]) -> Bool {
        JPEGSegments(bytes).contains { $0.marker == JPEGSegments.endOfImage }
    }

    /// The decoder's own words for what went wrong last.
    private var message: String { unsafe String(cString: tjGetErrorStr2(handle)) }
}

/// Turns inks into light.
///
/// Adobe's files, which are nearly all with four colours, store inks inverted: 255 is bare paper.
private func rgb(fromInvertedCMYK inks: [UInt8]) -> [UInt8] {
    let pixelCount = inks.count / 4
    return unsafe [UInt8](unsafeUninitializedCapacity: 3 * pixelCount) { target, count in
        unsafe inks.withUnsafeBufferPointer { inks in
            for pixel in 0..<pixelCount {
                let black = unsafe Int32(inks[4 * pixel + 3])
                for channel in 0..<3 {
                    let ink = unsafe Int32(inks[4 * pixel + channel])
                    unsafe target[3 * pixel + channel] = UInt8(truncatingIfNeeded: (ink * black + 127) / 255)
                }
            }
        }
        count = 3 * pixelCount
    }
}
