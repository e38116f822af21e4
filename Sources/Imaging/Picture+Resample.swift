extension Picture {
    /// Writes the picture, scaled, into the colour planes of a network's input.
    ///
    /// Shrinking averages over the area that a pixel covers, so that nothing aliases; stretching is bilinear; both for
    /// each axis on its own. The scaled picture lies in the top left corner of the planes, the rest is 0.
    ///
    /// - Parameters:
    ///   - width: the width of the scaled picture in pixels.
    ///   - height: the height of the scaled picture in pixels.
    ///   - paddedWidth: the width of a plane.
    ///   - paddedHeight: the height of a plane.
    ///   - order: which colour comes first.
    ///   - planes: three planes of `paddedWidth * paddedHeight` values, each row by row; values are 0…255.
    /// - Precondition: the picture fits into the planes, and `planes` has their size.
    public func resample(
        toWidth width: Int, height: Int, paddedWidth: Int, paddedHeight: Int, order: ChannelOrder,
        into planes: inout MutableSpan<Float>
    ) {
        precondition(width > 0 && height > 0, "a picture has at least one pixel")
        precondition(width <= paddedWidth && height <= paddedHeight, "the picture does not fit into the planes")
        let planeSize = paddedWidth * paddedHeight
        precondition(planes.count == 3 * planeSize, "the planes have another size")

        unsafe planes.withUnsafeMutableBufferPointer { planes in
            guard let base = planes.baseAddress else { return }
            let red = unsafe base + order.redOffset(planeSize: planeSize)
            let green = unsafe base + planeSize
            let blue = unsafe base + order.blueOffset(planeSize: planeSize)
            forEachResampledPixel(width: width, height: height) { x, y, colour in
                let index = y &* paddedWidth &+ x
                unsafe red[index] = colour[0]
                unsafe green[index] = colour[1]
                unsafe blue[index] = colour[2]
            }
            for plane in 0..<3 {
                let start = unsafe base + plane * planeSize
                if width < paddedWidth {
                    for y in 0..<height {
                        unsafe (start + y * paddedWidth + width).update(repeating: 0, count: paddedWidth - width)
                    }
                }
                unsafe (start + height * paddedWidth).update(repeating: 0, count: (paddedHeight - height) * paddedWidth)
            }
        }
    }

    /// The picture at another size, by the same rules as ``resample(toWidth:height:paddedWidth:paddedHeight:order:into:)``.
    ///
    /// - Precondition: both sides are positive.
    public func resized(width: Int, height: Int) -> Picture {
        precondition(width > 0 && height > 0, "a picture has at least one pixel")
        if width == self.width, height == self.height { return self }
        let size = 3 * width * height
        let pixels = unsafe [UInt8](unsafeUninitializedCapacity: size) { target, count in
            forEachResampledPixel(width: width, height: height) { x, y, colour in
                let index = 3 &* (y &* width &+ x)
                unsafe target[index] = UInt8(colour[0] + 0.5)
                unsafe target[index + 1] = UInt8(colour[1] + 0.5)
                unsafe target[index + 2] = UInt8(colour[2] + 0.5)
            }
            count = size
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    /// Calls `store` with the place and the colour (red, green, blue, and one meaningless lane) of each scaled pixel.
    ///
    /// Rows are mixed first, since that is one even loop over bytes; then each mixed row is walked from left to right
    /// with the three colours of a pixel in one vector.
    @inline(__always)
    private func forEachResampledPixel(width: Int, height: Int, _ store: (Int, Int, SIMD4<Float>) -> Void) {
        let columns = AxisWeights(from: self.width, to: width)
        let rows = AxisWeights(from: self.height, to: height)
        let rowLength = 3 * self.width
        // One element more than the row has, for the vector at its last pixel.
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: rowLength + 1) { mixed in
            unsafe mixed.initialize(repeating: 0)
            unsafe pixels.withUnsafeBufferPointer { pixels in
                unsafe columns.starts.withUnsafeBufferPointer { starts in
                    unsafe columns.weights.withUnsafeBufferPointer { weights in
                        guard let source = pixels.baseAddress, let row = mixed.baseAddress else { return }
                        for y in 0..<height {
                            var isFirst = true
                            for tap in 0..<rows.taps {
                                let weight = rows.weights[y * rows.taps + tap]
                                if weight == 0 { continue }
                                let line = unsafe source + (rows.starts[y] + tap) * rowLength
                                if isFirst {
                                    for index in 0..<rowLength { unsafe row[index] = weight * Float(line[index]) }
                                } else {
                                    for index in 0..<rowLength { unsafe row[index] += weight * Float(line[index]) }
                                }
                                isFirst = false
                            }
                            let bytes = UnsafeRawPointer(row)
                            let pixelStride = 3 * MemoryLayout<Float>.stride
                            for x in 0..<width {
                                var colour = SIMD4<Float>.zero
                                var place = unsafe bytes + starts[x] * pixelStride
                                var index = x * columns.taps
                                for _ in 0..<columns.taps {
                                    colour += unsafe weights[index] * place.loadUnaligned(as: SIMD4<Float>.self)
                                    unsafe place += pixelStride
                                    index += 1
                                }
                                store(x, y, colour)
                            }
                        }
                    }
                }
            }
        }
    }
}
