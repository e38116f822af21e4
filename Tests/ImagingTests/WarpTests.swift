import FaceModel
import Imaging
import Testing

struct WarpTests {
    /// Inside, over each edge, turned, far outside, enlarged, and shrunk a little.
    static let transforms = [
        SimilarityTransform(a: 1, b: 0, tx: -10, ty: -5), SimilarityTransform(a: 0.8, b: 0.3, tx: 3, ty: 7.25),
        SimilarityTransform(a: -0.2, b: 0.9, tx: 20, ty: -15), SimilarityTransform(a: 3, b: 1, tx: -40, ty: -60),
        SimilarityTransform(a: 0.7, b: 0, tx: 0, ty: 0), SimilarityTransform(a: 1, b: 0, tx: -40.4, ty: -20.3),
        SimilarityTransform(a: 1, b: 0, tx: 20.4, ty: 15.3), SimilarityTransform(a: 1, b: 0, tx: 500, ty: 0),
        SimilarityTransform(a: 1, b: 0, tx: 1e30, ty: -1e30), SimilarityTransform(a: 1e-20, b: 0, tx: 0, ty: 0),
    ]

    @Test(arguments: transforms)
    func `a warp equals a plain bilinear loop`(transform: SimilarityTransform) {
        let picture = Picture.noise(width: 60, height: 45, seed: 21)
        let (width, height) = (40, 36)
        let planes = picture.warped(transform, width, height, .rgb)
        guard transform.scale >= 1 / 1.5 else { return #expect(planes.allSatisfy { (0...255).contains($0) }) }
        let crop = picture.cropped(by: transform, width: width, height: height)
        let back = transform.inverse
        for v in 0..<height {
            for u in 0..<width {
                let x = back.a * Double(u) - back.b * Double(v) + back.tx
                let y = back.b * Double(u) + back.a * Double(v) + back.ty
                let wanted = reference(picture, x, y)
                for channel in 0..<3 {
                    #expect(abs(Double(planes[(channel * height + v) * width + u]) - wanted[channel]) < 0.05)
                    #expect(abs(Double(crop.colour(u, v)[channel]) - wanted[channel]) < 0.56)
                }
            }
        }
    }

    @Test func `no change is no change`() {
        let picture = Picture.noise(width: 30, height: 20, seed: 2)
        let same = SimilarityTransform(a: 1, b: 0, tx: 0, ty: 0)
        #expect(picture.cropped(by: same, width: 30, height: 20) == picture)
    }

    @Test func `channels come in the wanted order`() {
        let picture = Picture(width: 1, height: 1, pixels: [10, 20, 30])
        let same = SimilarityTransform(a: 1, b: 0, tx: 0, ty: 0)
        #expect(picture.warped(same, 1, 1, .rgb) == [10, 20, 30])
        #expect(picture.warped(same, 1, 1, .bgr) == [30, 20, 10])
    }

    @Test(arguments: [2.0, 4, 7.5, 12])
    func `a strongly shrinking warp averages`(shrinkage: Double) {
        let picture = Picture.noise(width: 640, height: 640, seed: 4)
        // From 20 pixels inside, as the black beyond the edge would add variance.
        let transform = SimilarityTransform(a: 1 / shrinkage, b: 0, tx: -20 / shrinkage, ty: -20 / shrinkage)
        let side = Int(600 / shrinkage)
        let planes = picture.warped(transform, side, side, .rgb)
        // Noise of 0…255 has a variance of 5461; a mean of n independent pixels has the n-th part of it.
        let mean = planes.reduce(0, +) / Float(planes.count)
        let variance = planes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(planes.count)
        #expect(abs(mean - 127.5) < 4)
        #expect(Double(variance) < 5461 / (shrinkage * shrinkage) * 1.4)
    }

    @Test func `a strongly shrinking warp shows what resizing shows`() throws {
        let photo = try EncodedImage(Photos.bytes("face_recognition/obama.jpg")).decode().picture
        // Centres of pixels: (x + ½) / 5 − ½.
        let transform = SimilarityTransform(a: 0.2, b: 0, tx: -0.4, ty: -0.4)
        let (width, height) = (photo.width / 5, photo.height / 5)
        let warped = photo.cropped(by: transform, width: width, height: height)
        let cut = photo.cropped(
            by: SimilarityTransform(a: 1, b: 0, tx: 0, ty: 0), width: 5 * width, height: 5 * height)
        #expect(warped.meanDifference(to: cut.resized(width: width, height: height)) < 1.5)
    }

    @Test func `places in the picture arrive where the transform sends them`() throws {
        var pixels = [UInt8](repeating: 0, count: 3 * 100 * 100)
        pixels[3 * (70 * 100 + 40)] = 255
        let picture = Picture(width: 100, height: 100, pixels: pixels)
        let transform = SimilarityTransform(a: 0, b: 1, tx: 90, ty: 5)
        let crop = picture.cropped(by: transform, width: 50, height: 60)
        let place = transform.apply(Point(x: 40, y: 70))
        #expect(crop.colour(Int(place.x), Int(place.y)) == [255, 0, 0])
    }

    private func reference(_ picture: Picture, _ x: Double, _ y: Double) -> [Double] {
        var sum = [0.0, 0, 0]
        for row in 0..<picture.height where abs(y - Double(row)) < 1 {
            for column in 0..<picture.width where abs(x - Double(column)) < 1 {
                let weight = (1 - abs(x - Double(column))) * (1 - abs(y - Double(row)))
                for channel in 0..<3 { sum[channel] += weight * Double(picture.colour(column, row)[channel]) }
            }
        }
        return sum
    }
}

extension Picture {
    /// Warped planes in an array that held something else before.
    func warped(_ transform: SimilarityTransform, _ width: Int, _ height: Int, _ order: ChannelOrder) -> [Float] {
        var planes = [Float](repeating: -1, count: 3 * width * height)
        var span = planes.mutableSpan
        warp(by: transform, width: width, height: height, order: order, into: &span)
        return planes
    }
}
