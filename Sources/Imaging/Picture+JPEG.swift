import CTurboJPEG

extension Picture {
    /// Encodes the picture as a baseline JPEG with 4:2:0 subsampling.
    ///
    /// - Parameter quality: 1 (small) to 100 (faithful).
    /// - Throws: ``ImagingError/notEncoded(reason:)``, for a side above 65 500 pixels or when memory runs out.
    /// - Precondition: `quality` is 1…100.
    public func jpeg(quality: Int = 90) throws(ImagingError) -> [UInt8] {
        precondition((1...100).contains(quality), "quality is 1…100")
        guard let encoder = unsafe tjInitCompress() else { throw .notEncoded(reason: "no memory for the encoder") }
        defer { unsafe tjDestroy(encoder) }
        guard width <= 65_500, height <= 65_500 else { throw .notEncoded(reason: "a side above 65500 pixels") }
        var file: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        defer { unsafe tjFree(file) }
        let status = unsafe tjCompress2(
            encoder, pixels, Int32(width), Int32(3 * width), Int32(height), TJPF_RGB.rawValue, &file, &size,
            Int32(TJSAMP_420.rawValue), Int32(quality), 0)
        guard status == 0, let file = unsafe file else {
            throw .notEncoded(reason: unsafe String(cString: tjGetErrorStr2(encoder)))
        }
        return unsafe [UInt8](UnsafeBufferPointer(start: file, count: Int(size)))
    }
}
