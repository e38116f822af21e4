import FaceAnalysis
import FaceModel
import Imaging
import TestKit
import Testing

/// Pictures of many faces.
struct CrowdTests {
    /// The same face so many times, in a picture of 1920 × 1440 pixels.
    private func crowd(_ columns: Int, _ rows: Int) throws -> [UInt8] {
        let photo = try EncodedImage(Photo.biden.bytes()).decode().picture
        let face = try #require(photo.part(BoundingBox(x: 330, y: 80, width: 420, height: 420)))
        let (width, height) = (1920 / columns, 1440 / rows)
        let cell = face.resized(width: width, height: height)
        var collage = Collage(width: 1920, height: 1440)
        for row in 0..<rows {
            for column in 0..<columns { collage.paste(cell, x: column * width, y: row * height) }
        }
        return try collage.picture.jpeg()
    }

    @Test func `the largest faces are looked at, and a crowd takes no longer than so many`() async throws {
        var configuration = FaceAnalyzer.Configuration(modelsFolder: Checkout.models, threads: 1)
        configuration.maximumFaces = 20
        let analyzer = try FaceAnalyzer(configuration)
        defer { analyzer.stop() }
        // Faces of two sizes: the larger ones are the ones that count.
        let eight = try await analyzer.analyze(Collage.eightFaces().jpeg())
        #expect(eight.faces.count == 8)
        let few = try await analyzer.analyze(try crowd(5, 4))
        #expect(few.faces.count == 20)
        let crowd = try await analyzer.analyze(try crowd(50, 40))
        #expect(crowd.faces.count == 20)
        print("20 faces: \(few.timings), 2000 faces: \(crowd.timings)")
        #expect(crowd.timings.embed < few.timings.embed * 2 + .milliseconds(50))
        #expect(crowd.timings.detect < .seconds(4))
    }

    @Test func `of many detections the largest are kept in their order`() {
        let detections = [5, 1, 9, 7, 3].map { side in
            Detection(
                box: BoundingBox(x: 0, y: 0, width: Float(side), height: Float(side)),
                landmarks: Landmarks(
                    rightEye: Point(x: 0, y: 0), leftEye: Point(x: 1, y: 0), noseTip: Point(x: 0.5, y: 0.5),
                    rightMouthCorner: Point(x: 0, y: 1), leftMouthCorner: Point(x: 1, y: 1)), score: 0.9)
        }
        #expect(detections.largest(3).map(\.box.width) == [5, 9, 7])
        #expect(detections.largest(9).count == 5)
    }
}
