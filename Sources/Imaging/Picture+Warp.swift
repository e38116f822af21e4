extension Picture {
    /// Cuts a turned and scaled piece out of the picture, into the colour planes of a network's input.
    ///
    /// Each pixel of the crop is looked up bilinearly where it comes from; outside of the picture everything is black,
    /// as with OpenCV's `warpAffine` and a constant border of 0. Where the crop shrinks the picture by more than
    /// `looksApart`, a pixel is the mean of a grid of looks, at most so many pixels of the picture apart (8 × 8 looks at
    /// most). Up to 1.5 no pixel of the picture is skipped; larger values are faster and let fine texture alias.
    ///
    /// - Parameters:
    ///   - transform: from places in this picture to places in the crop.
    ///   - width: the width of the crop in pixels.
    ///   - height: the height of the crop in pixels.
    ///   - order: which colour comes first.
    ///   - looksApart: the largest distance of the looks for one pixel, in pixels of this picture.
    ///   - planes: three planes of `width * height` values, each row by row; values are 0…255.
    /// - Precondition: both sides are positive, and `planes` has their size.
    public func warp(
        by transform: SimilarityTransform, width: Int, height: Int, order: ChannelOrder, looksApart: Double = 1.5,
        into planes: inout MutableSpan<Float>
    ) {
        precondition(width > 0 && height > 0, "a crop has at least one pixel")
        let planeSize = width * height
        precondition(planes.count == 3 * planeSize, "the planes have another size")
        unsafe planes.withUnsafeMutableBufferPointer { planes in
            guard let base = planes.baseAddress else { return }
            let red = unsafe base + order.redOffset(planeSize: planeSize)
            let green = unsafe base + planeSize
            let blue = unsafe base + order.blueOffset(planeSize: planeSize)
            forEachWarpedPixel(by: transform, width: width, height: height, looksApart: looksApart) { index, colour in
                unsafe red[index] = colour[0]
                unsafe green[index] = colour[1]
                unsafe blue[index] = colour[2]
            }
        }
    }

    /// Cuts a turned and scaled piece out of the picture, by the same rules as
    /// ``warp(by:width:height:order:looksApart:into:)``, without skipping pixels.
    ///
    /// - Parameters:
    ///   - transform: from places in this picture to places in the crop.
    ///   - width: the width of the crop in pixels.
    ///   - height: the height of the crop in pixels.
    /// - Precondition: both sides are positive.
    public func cropped(by transform: SimilarityTransform, width: Int, height: Int) -> Picture {
        precondition(width > 0 && height > 0, "a crop has at least one pixel")
        let size = 3 * width * height
        let pixels = unsafe [UInt8](unsafeUninitializedCapacity: size) { target, count in
            forEachWarpedPixel(by: transform, width: width, height: height, looksApart: 1.5) { index, colour in
                unsafe target[3 * index] = UInt8(colour[0] + 0.5)
                unsafe target[3 * index + 1] = UInt8(colour[1] + 0.5)
                unsafe target[3 * index + 2] = UInt8(colour[2] + 0.5)
            }
            count = size
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    /// Calls `store` with the index and the colour (red, green, blue, and one meaningless lane) of each crop pixel.
    @inline(__always)
    private func forEachWarpedPixel(
        by transform: SimilarityTransform, width: Int, height: Int, looksApart: Double,
        _ store: (Int, SIMD4<Float>) -> Void
    ) {
        let back = transform.inverse
        let (rightX, rightY) = (FixedPoint(back.a), FixedPoint(back.b))
        let looks = Self.looks(back, apart: looksApart)
        let share = 1 / Float(looks.count)
        unsafe pixels.withUnsafeBufferPointer { pixels in
            guard let base = pixels.baseAddress else { return }
            let sampler = unsafe BilinearSampler(pixels: base, width: self.width, height: self.height)
            for v in 0..<height {
                var x = FixedPoint(back.tx - back.b * Double(v))
                var y = FixedPoint(back.ty + back.a * Double(v))
                for u in 0..<width {
                    var colour = SIMD4<Float>.zero
                    for look in looks { colour += unsafe sampler.colour(x + look.x, y + look.y) }
                    store(v &* width &+ u, colour * share)
                    x = x + rightX
                    y = y + rightY
                }
            }
        }
    }

    /// Where in the picture one pixel of the crop is looked up, relative to its centre: a grid over its area.
    private static func looks(_ back: SimilarityTransform, apart: Double) -> [(x: FixedPoint, y: FixedPoint)] {
        let side = Int(min(8, max(1, (back.scale / apart).rounded(.up))))
        let places = (0..<side).map { (Double($0) + 0.5) / Double(side) - 0.5 }
        return places.flatMap { down in
            places.map { right in
                (FixedPoint(back.a * right - back.b * down), FixedPoint(back.b * right + back.a * down))
            }
        }
    }
}
