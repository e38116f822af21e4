import CImagingKernels
import CProcessor

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
            unsafe forEachResampledRow(width: width, height: height) { y, row, columns in
                let start = y * paddedWidth
                unsafe columns.mix(row, red: red + start, green: green + start, blue: blue + start)
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
            unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * width) { colours in
                guard let target = target.baseAddress, let red = colours.baseAddress else { return }
                let (green, blue) = unsafe (red + width, red + 2 * width)
                unsafe forEachResampledRow(width: width, height: height) { y, row, columns in
                    unsafe columns.mix(row, red: red, green: green, blue: blue)
                    let line = unsafe target + 3 * y * width
                    for x in 0..<width {
                        unsafe line[3 * x] = UInt8(red[x] + 0.5)
                        unsafe line[3 * x + 1] = UInt8(green[x] + 0.5)
                        unsafe line[3 * x + 2] = UInt8(blue[x] + 0.5)
                    }
                }
            }
            count = size
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    /// Calls `body` for each row of the scaled picture, from top to bottom: with its number, and with interleaved colours
    /// in their final height that the weights bring to their final width.
    private func forEachResampledRow(
        width: Int, height: Int, _ body: (Int, UnsafePointer<Float>, AxisWeights) -> Void
    ) {
        let columns = AxisWeights(from: self.width, to: width)
        let rows = AxisWeights(from: self.height, to: height)
        let length = 3 * self.width
        let instructions = instruction_set_best()
        // One element more than the row has, as the kernel demands.
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: length + 1) { mixed in
            unsafe pixels.withUnsafeBufferPointer { pixels in
                unsafe rows.weights.withUnsafeBufferPointer { weights in
                    guard let source = pixels.baseAddress, let weights = weights.baseAddress,
                        let row = mixed.baseAddress
                    else { return }
                    unsafe row[length] = 0
                    for y in 0..<height {
                        unsafe imaging_mix_rows(
                            instructions, source + rows.starts[y] * length, length, rows.taps,
                            weights + y * rows.taps, row)
                        unsafe body(y, row, columns)
                    }
                }
            }
        }
    }
}

extension AxisWeights {
    /// Brings a row of interleaved colours to its final width, each colour into as many floats.
    @unsafe fileprivate func mix(
        _ row: UnsafePointer<Float>, red: UnsafeMutablePointer<Float>, green: UnsafeMutablePointer<Float>,
        blue: UnsafeMutablePointer<Float>
    ) {
        unsafe imaging_mix_columns(
            instruction_set_best(), row, starts.count, taps, starts, weights, red, green, blue)
    }
}
