import FaceAnalysis
import FaceModel
import Foundation
import Imaging
import TestKit
import Testing

struct DetectionTests {
    private func faces(in picture: Picture) async throws -> [DetectedFace] {
        try await sharedAnalyzer.get().analyze(picture.jpeg(quality: 95)).faces
    }

    @Test func `every face of a group is found, largest first, and recognised`() async throws {
        let picture = try Collage.eightFaces()
        let faces = try await faces(in: picture)
        #expect(faces.count == 8)
        #expect(faces.map(\.box.area) == faces.map(\.box.area).sorted(by: >))
        let biden = try #require(try await sharedAnalyzer.get().analyze(Photo.biden.bytes()).faces.first)
        let likest = try #require(
            faces.max { $0.embedding.cosine(to: biden.embedding) < $1.embedding.cosine(to: biden.embedding) })
        #expect(likest.embedding.cosine(to: biden.embedding) > 0.7)
        // The second picture of the first row.
        #expect(Int(likest.box.x) / (picture.width / 4) == 1 && likest.box.y < 400)
    }

    @Test func `small faces in a large picture are found`() async throws {
        var collage = Collage(width: 3600, height: 2400)
        let crowd = try Collage.grid([.obama, .personA2, .personB1, .impostor2], columns: 2, cellHeight: 130)
        for (x, y) in [(100, 100), (3000, 2000), (1700, 1200)] { collage.paste(crowd, x: x, y: y) }
        let faces = try await faces(in: collage.picture)
        #expect(faces.count == 12)
        #expect(faces.allSatisfy { $0.box.width < 70 })
    }

    @Test(arguments: [Photo.personB1, .impostor2, .biden, .obama])
    func `a face that fills a tiny picture is found`(photo: Photo) async throws {
        let picture = try EncodedImage(photo.bytes()).decode().picture
        let whole = try #require(try await faces(in: picture).first)
        let tight = try #require(picture.part(whole.box)).resized(width: 105, height: 129)
        let found = try await faces(in: tight)
        #expect(found.count == 1)
        let cosine = try #require(found.first?.embedding.cosine(to: whole.embedding))
        #expect(cosine > 0.5, "\(cosine)")
    }

    @Test func `a face is where it is, whatever the size of the picture`() async throws {
        let picture = try EncodedImage(Photo.personB1.bytes()).decode().picture
        let face = try #require(try await faces(in: picture).first)
        for side in [320, 640, 1280, 2560] {
            let factor = Float(side) / Float(picture.height)
            let resized = picture.resized(width: Int(Float(picture.width) * factor), height: side)
            let found = try await faces(in: resized)
            #expect(found.count == 1)
            let overlap = try #require(found.first?.box.scaled(by: 1 / factor).overlap(with: face.box))
            #expect(overlap > 0.85, "\(side): \(overlap)")
        }
    }

    @Test func `a picture without a face has none`() async throws {
        var random = SystemRandomNumberGenerator()
        let noise = (0..<3 * 800 * 600).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(try await faces(in: Picture(width: 800, height: 600, pixels: noise)).isEmpty)
        #expect(try await faces(in: Collage(width: 2000, height: 1500).picture).isEmpty)
        #expect(try await faces(in: Collage(width: 1, height: 1).picture).isEmpty)
        #expect(try await faces(in: Collage(width: 3000, height: 2).picture).isEmpty)
    }
}

struct DetectionPlanTests {
    private func detection(side: Float) -> Detection {
        let point = Point(x: 0, y: 0)
        return Detection(
            box: BoundingBox(x: 0, y: 0, width: side / 2, height: side),
            landmarks: Landmarks(
                rightEye: point, leftEye: point, noseTip: point, rightMouthCorner: point, leftMouthCorner: point),
            score: 0.9)
    }

    @Test(arguments: [(100, 160), (160, 160), (500, 500), (640, 640), (8000, 640)])
    func `the first look has the usual side, or the picture's own`(picture: Int, first: Int) {
        #expect(DetectionPlan(pictureSide: picture, usualSide: 640).firstSide == first)
    }

    @Test func `a large picture is looked at again when nothing or something small was found`() {
        let plan = DetectionPlan(pictureSide: 4000, usualSide: 640)
        #expect(plan.side(after: 640, detections: []) == 1280)
        #expect(plan.side(after: 1280, detections: []) == DetectionPlan.finestSide)
        #expect(plan.side(after: DetectionPlan.finestSide, detections: []) == nil)
        // 240 of 4000 pixels are 38 at the first look, 800 are 128.
        #expect(plan.side(after: 640, detections: [detection(side: 240), detection(side: 800)]) == 1280)
        #expect(plan.side(after: 640, detections: [detection(side: 800)]) == nil)
    }

    @Test func `a small picture is looked at once`() {
        #expect(DetectionPlan(pictureSide: 640, usualSide: 640).side(after: 640, detections: []) == nil)
        #expect(DetectionPlan(pictureSide: 700, usualSide: 640).side(after: 640, detections: []) == nil)
        #expect(DetectionPlan(pictureSide: 900, usualSide: 640).side(after: 640, detections: []) == 900)
    }
}

struct YuNetLayoutTests {
    @Test func `a cell is decoded by the published formula`() throws {
        // Two columns, one row, stride 16; the second cell holds a face.
        let outputs = YuNetLayout.Outputs(
            classScores: [0.1, 0.9], objectScores: [1, 1.2],
            boxes: [0, 0, 0, 0, 0.5, -0.25, 0, Float(log(2.0))],
            points: [Float](repeating: 0, count: 10) + [0, 0, 1, 0, 0.5, 0.5, 0, 1, 1, 1])
        let found = YuNetLayout.decode(outputs, stride: 16, columns: 2, threshold: 0.7)
        let face = try #require(found.first)
        #expect(found.count == 1)
        #expect(abs(face.score - Float(0.9).squareRoot()) < 1e-6)
        #expect(abs(face.box.width - 16) < 1e-4 && abs(face.box.height - 32) < 1e-4)
        #expect(abs(face.box.x - (24 - 8)) < 1e-4 && abs(face.box.y - (-4 - 16)) < 1e-4)
        #expect(face.landmarks.rightEye == Point(x: 16, y: 0))
        #expect(face.landmarks.leftEye == Point(x: 32, y: 0))
        #expect(face.landmarks.leftMouthCorner == Point(x: 32, y: 16))
    }

    @Test func `of overlapping detections the best stays`() {
        func detection(x: Float, score: Float) -> Detection {
            let point = Point(x: x, y: 0)
            return Detection(
                box: BoundingBox(x: x, y: 0, width: 100, height: 100),
                landmarks: Landmarks(
                    rightEye: point, leftEye: point, noseTip: point, rightMouthCorner: point, leftMouthCorner: point),
                score: score)
        }
        let kept = suppressOverlaps(
            [detection(x: 0, score: 0.8), detection(x: 20, score: 0.9), detection(x: 90, score: 0.7)], threshold: 0.3)
        #expect(kept.map(\.score) == [0.9, 0.7])
    }
}
