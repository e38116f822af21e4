/// Looks up colours between the pixels of a picture; outside it is black.
///
/// Valid as long as the pixels that it points to.
@unsafe struct BilinearSampler {
    private let pixels: UnsafePointer<UInt8>
    private let width: Int
    private let height: Int

    /// A sampler over interleaved RGB.
    init(pixels: UnsafePointer<UInt8>, width: Int, height: Int) {
        unsafe self.pixels = unsafe pixels
        unsafe self.width = width
        unsafe self.height = height
    }

    /// The colour at a place: red, green, blue, and one meaningless lane.
    @inline(__always)
    func colour(_ x: FixedPoint, _ y: FixedPoint) -> SIMD4<Float> {
        let (left, top) = (x.floor, y.floor)
        // Here a whole 2 × 2 neighbourhood can be read, and a fourth byte with each of its pixels. Negative numbers
        // are large without their sign.
        guard unsafe UInt(bitPattern: left) < UInt(bitPattern: max(0, width &- 2)),
            unsafe UInt(bitPattern: top) < UInt(bitPattern: height &- 1)
        else { return unsafe edgeColour(x, y) }
        let rowStride = unsafe 3 &* width
        let upper = unsafe UnsafeRawPointer(pixels) + (top &* rowStride &+ 3 &* left)
        let lower = unsafe upper + rowStride
        let right = x.fraction
        let above = unsafe Self.mix(upper, right)
        let below = unsafe Self.mix(lower, right)
        return above + (below - above) * y.fraction
    }

    /// A pixel mixed with its right neighbour.
    @inline(__always)
    private static func mix(_ pixel: UnsafeRawPointer, _ fraction: Float) -> SIMD4<Float> {
        let left = unsafe floats(pixel)
        let right = unsafe floats(pixel + 3)
        return left + (right - left) * fraction
    }

    @inline(__always)
    private static func floats(_ pixel: UnsafeRawPointer) -> SIMD4<Float> {
        // By way of integers, which the compiler widens four at a time.
        SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: unsafe pixel.loadUnaligned(as: SIMD4<UInt8>.self)))
    }

    /// The same at and beyond the edge, each neighbour looked at on its own.
    @inline(never)
    private func edgeColour(_ x: FixedPoint, _ y: FixedPoint) -> SIMD4<Float> {
        let (left, top) = (x.floor, y.floor)
        let (right, down) = (x.fraction, y.fraction)
        func pixel(_ column: Int, _ row: Int) -> SIMD4<Float> {
            guard unsafe column >= 0 && column < width && row >= 0 && row < height else { return .zero }
            let pixel = unsafe pixels + 3 * (row * width + column)
            return unsafe SIMD4(Float(pixel[0]), Float(pixel[1]), Float(pixel[2]), 0)
        }
        let above = pixel(left, top) * (1 - right) + pixel(left + 1, top) * right
        let below = pixel(left, top + 1) * (1 - right) + pixel(left + 1, top + 1) * right
        return above * (1 - down) + below * down
    }
}
