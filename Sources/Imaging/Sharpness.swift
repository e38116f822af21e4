/// How sharp a picture is: the variance of its Laplacian, of the grey picture in 0…255.
///
/// Edges that rise within a pixel or two give large second derivatives, blurred ones small ones (Pech-Pacheco et al.,
/// ICPR 2000). The number depends on the size of what is shown, so compare aligned crops of one size only; blurred
/// 112 × 112 faces have about 20, crisp ones some hundreds.
///
/// - Parameters:
///   - planes: three colour planes of `width * height` values in 0…255, each row by row.
///   - width: the width of a plane.
///   - height: the height of a plane.
///   - order: which colour comes first.
/// - Returns: the variance over all pixels that have four neighbours; 0 when there are none.
/// - Precondition: `planes` has that size.
public func sharpness(of planes: Span<Float>, width: Int, height: Int, order: ChannelOrder) -> Float {
    let planeSize = width * height
    precondition(width >= 0 && height >= 0 && planes.count == 3 * planeSize, "the planes have another size")
    guard width >= 3, height >= 3 else { return 0 }
    return unsafe planes.withUnsafeBufferPointer { planes in
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: planeSize) { grey in
            let red = order.redOffset(planeSize: planeSize)
            let blue = order.blueOffset(planeSize: planeSize)
            // The luma of ITU-R BT.601.
            for index in 0..<planeSize {
                unsafe grey[index] =
                    0.299 * planes[red + index] + 0.587 * planes[planeSize + index] + 0.114 * planes[blue + index]
            }
            var (sum, squares) = (0.0, 0.0)
            for y in 1..<height - 1 {
                var (rowSum, rowSquares): (Float, Float) = (0, 0)
                for index in y * width + 1..<(y + 1) * width - 1 {
                    let neighbours =
                        unsafe grey[index - 1] + grey[index + 1] + grey[index - width] + grey[index + width]
                    let laplacian = unsafe neighbours - 4 * grey[index]
                    rowSum += laplacian
                    rowSquares += laplacian * laplacian
                }
                sum += Double(rowSum)
                squares += Double(rowSquares)
            }
            let count = Double((width - 2) * (height - 2))
            return Float(max(0, squares / count - (sum / count) * (sum / count)))
        }
    }
}
