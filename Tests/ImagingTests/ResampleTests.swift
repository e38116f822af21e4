import Imaging
import Testing

struct ResampleTests {
    static let sizes: [(from: (Int, Int), to: (Int, Int))] = [
        ((40, 30), (20, 15)), ((40, 30), (13, 7)), ((41, 29), (40, 28)), ((17, 23), (17, 23)), ((10, 8), (33, 20)),
        ((50, 9), (20, 18)), ((1, 1), (5, 3)), ((64, 2), (1, 1)), ((300, 200), (31, 200)),
    ]

    @Test(arguments: sizes)
    func `resampling equals a plain loop over the definition`(from: (Int, Int), to: (Int, Int)) {
        let picture = Picture.noise(width: from.0, height: from.1, seed: 7)
        let (paddedWidth, paddedHeight) = (to.0 + 3, to.1 + 2)
        let planes = picture.planes(to.0, to.1, paddedWidth, paddedHeight, .rgb)
        let small = picture.resized(width: to.0, height: to.1)
        for y in 0..<to.1 {
            for x in 0..<to.0 {
                let wanted = reference(picture, to, x, y)
                for channel in 0..<3 {
                    let found = planes[(channel * paddedHeight + y) * paddedWidth + x]
                    #expect(abs(Double(found) - wanted[channel]) < 0.01)
                    #expect(abs(Double(small.colour(x, y)[channel]) - wanted[channel]) < 0.51)
                }
            }
        }
    }

    @Test func `what the picture does not cover is black`() {
        let picture = Picture(width: 4, height: 4, pixels: [UInt8](repeating: 255, count: 48))
        let planes = picture.planes(3, 2, 5, 4, .rgb)
        for plane in 0..<3 {
            for y in 0..<4 {
                for x in 0..<5 { #expect(planes[(plane * 4 + y) * 5 + x] == (x < 3 && y < 2 ? 255 : 0)) }
            }
        }
    }

    @Test func `the order of channels is the network's`() {
        let picture = Picture(width: 1, height: 1, pixels: [10, 20, 30])
        #expect(picture.planes(1, 1, 1, 1, .rgb) == [10, 20, 30])
        #expect(picture.planes(1, 1, 1, 1, .bgr) == [30, 20, 10])
    }

    @Test func `an even picture stays even at every size`() {
        let picture = Picture(width: 97, height: 61, pixels: [UInt8](repeating: 77, count: 3 * 97 * 61))
        for size in [1, 2, 7, 60, 61, 62, 97, 150] {
            #expect(picture.resized(width: size, height: size).pixels.allSatisfy { $0 == 77 })
        }
    }

    @Test func `fine stripes become grey instead of other stripes`() {
        let pixels = (0..<90 * 90).flatMap { index -> [UInt8] in index % 2 == 0 ? [0, 0, 0] : [255, 255, 255] }
        let small = Picture(width: 90, height: 90, pixels: pixels).resized(width: 30, height: 30)
        #expect(small.pixels.allSatisfy { (80...175).contains($0) })
    }

    @Test func `planes of another size are a mistake`() async {
        await #expect(processExitsWith: .failure) {
            let picture = Picture(width: 2, height: 2, pixels: [UInt8](repeating: 0, count: 12))
            var planes = [Float](repeating: 0, count: 11)
            var span = planes.mutableSpan
            picture.resample(toWidth: 2, height: 2, paddedWidth: 2, paddedHeight: 2, order: .rgb, into: &span)
        }
    }

    /// One output pixel from the definition: the mean of the covered area, or bilinear, for each axis on its own.
    private func reference(_ picture: Picture, _ size: (Int, Int), _ x: Int, _ y: Int) -> [Double] {
        let columns = weights(from: picture.width, to: size.0, at: x)
        let rows = weights(from: picture.height, to: size.1, at: y)
        var sum = [0.0, 0, 0]
        for (row, rowWeight) in rows.enumerated() where rowWeight > 0 {
            for (column, columnWeight) in columns.enumerated() where columnWeight > 0 {
                for channel in 0..<3 {
                    sum[channel] += rowWeight * columnWeight * Double(picture.colour(column, row)[channel])
                }
            }
        }
        return sum
    }

    private func weights(from source: Int, to target: Int, at index: Int) -> [Double] {
        let step = Double(source) / Double(target)
        let (low, high) = (Double(index) * step, Double(index + 1) * step)
        let centre = min(max((low + high) / 2 - 0.5, 0), Double(source - 1))
        return (0..<source).map { pixel in
            target < source
                ? max(0, min(high, Double(pixel + 1)) - max(low, Double(pixel))) / step
                : max(0, 1 - abs(centre - Double(pixel)))
        }
    }
}

extension Picture {
    /// Resampled planes in an array that held something else before.
    func planes(
        _ width: Int, _ height: Int, _ paddedWidth: Int, _ paddedHeight: Int, _ order: ChannelOrder
    ) -> [Float] {
        var planes = [Float](repeating: -1, count: 3 * paddedWidth * paddedHeight)
        var span = planes.mutableSpan
        resample(
            toWidth: width, height: height, paddedWidth: paddedWidth, paddedHeight: paddedHeight, order: order,
            into: &span)
        return planes
    }
}
