import Imaging
import TestKit

extension Picture {
    /// A picture of smooth colours that differ from corner to corner and are the same at no two places.
    static func gradient(width: Int, height: Int) -> Picture {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                pixels.append(UInt8(40 + 160 * x / max(1, width - 1)))
                pixels.append(UInt8(220 - 180 * y / max(1, height - 1)))
                pixels.append(UInt8(30 + 100 * x / max(1, width - 1) + 90 * y / max(1, height - 1)))
            }
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    /// A picture of random bytes.
    static func noise(width: Int, height: Int, seed: UInt64) -> Picture {
        var random = SplitMix(seed: seed)
        let pixels = (0..<3 * width * height).map { _ in UInt8.random(in: 0...255, using: &random) }
        return Picture(width: width, height: height, pixels: pixels)
    }

    /// Red, green and blue of one pixel.
    func colour(_ x: Int, _ y: Int) -> [Int] { (0..<3).map { Int(pixels[3 * (y * width + x) + $0]) } }

    /// The mean difference of all bytes to those of another picture of the same size.
    func meanDifference(to other: Picture) -> Double {
        precondition(width == other.width && height == other.height)
        let sum = zip(pixels, other.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        return Double(sum) / Double(pixels.count)
    }
}
