import FaceAnalysis
import FaceModel
import Foundation
import Imaging
import TestKit
import Testing

struct HeadPoseTests {
    /// A face of the model's proportions, turned and seen from afar.
    private func landmarks(yaw: Double, pitch: Double, roll: Double) -> Landmarks {
        let model = [(-1, 0, 0), (1, 0, 0), (0, 1.11, 0.95), (-0.79, 2.16, 0.19), (0.79, 2.16, 0.19)]
        let (y, p, r) = (yaw * .pi / 180, pitch * .pi / 180, roll * .pi / 180)
        let points = model.map { x, yy, z in
            // Turn about the vertical axis, nod about the horizontal one, tilt in the picture.
            let (x1, z1) = (x * cos(y) + z * sin(y), -x * sin(y) + z * cos(y))
            let y2 = yy * cos(p) - z1 * sin(p)
            return Point(
                x: Float(300 + 40 * (x1 * cos(r) - y2 * sin(r))), y: Float(200 + 40 * (x1 * sin(r) + y2 * cos(r))))
        }
        return Landmarks(
            rightEye: points[0], leftEye: points[1], noseTip: points[2], rightMouthCorner: points[3],
            leftMouthCorner: points[4])
    }

    @Test(arguments: [(0, 0, 0), (30, 0, 0), (-45, 0, 0), (0, 20, 0), (0, -25, 0), (0, 0, 40), (25, 0, -30)])
    func `a turned model is measured`(yaw: Double, pitch: Double, roll: Double) {
        let pose = HeadPose(landmarks: landmarks(yaw: yaw, pitch: pitch, roll: roll))
        #expect(abs(Double(pose.yaw) - yaw) < 2, "\(pose)")
        #expect(abs(Double(pose.pitch) - pitch) < 2, "\(pose)")
        #expect(abs(Double(pose.roll) - roll) < 2, "\(pose)")
    }

    @Test func `landmarks that fall together have a finite pose`() {
        let point = Point(x: 5, y: 5)
        let pose = HeadPose(
            landmarks: Landmarks(
                rightEye: point, leftEye: point, noseTip: point, rightMouthCorner: point, leftMouthCorner: point))
        #expect(pose.yaw.isFinite && pose.pitch.isFinite && pose.roll.isFinite)
    }

    @Test func `a mirrored photo looks the other way`() async throws {
        let analyzer = try sharedAnalyzer.get()
        let picture = try EncodedImage(Photo.obama2.bytes()).decode().picture
        var mirrored: [UInt8] = []
        for row in 0..<picture.height {
            for column in (0..<picture.width).reversed() {
                let start = 3 * (row * picture.width + column)
                mirrored += picture.pixels[start..<start + 3]
            }
        }
        let there = try #require(try await analyzer.analyze(picture.jpeg()).faces.first?.pose)
        let back = try #require(
            try await analyzer.analyze(
                Picture(width: picture.width, height: picture.height, pixels: mirrored).jpeg()
            ).faces.first?.pose)
        #expect(abs(there.yaw) > 15)
        #expect(abs(there.yaw + back.yaw) < 5, "\(there) \(back)")
        #expect(abs(there.roll + back.roll) < 5, "\(there) \(back)")
    }
}

struct FaceQualityTests {
    private let straight = HeadPose(yaw: 0, pitch: 0, roll: 0)

    @Test func `a perfect face has quality one and each fault lowers it`() {
        func quality(score: Float = 0.95, eyes: Float = 60, sharpness: Float = 500, yaw: Float = 0) -> Float {
            FaceQuality.value(
                detectionScore: score, eyeDistance: eyes, sharpness: sharpness,
                pose: HeadPose(yaw: yaw, pitch: 0, roll: 0))
        }
        #expect(quality() == 1)
        #expect(quality(score: 0.7) == quality(score: 0.7, eyes: 1000))
        for worse in [quality(score: 0.7), quality(eyes: 16), quality(sharpness: 30), quality(yaw: 60)] {
            #expect(abs(worse - 0.5) < 0.01, "\(worse)")
        }
        #expect(quality(yaw: 90) < 1e-6 && quality(eyes: 0) == 0 && quality(sharpness: -1) == 0)
    }

    @Test func `a blurred and a small face are worse than the original`() async throws {
        let analyzer = try sharedAnalyzer.get()
        let picture = try EncodedImage(Photo.personB1.bytes()).decode().picture
        func quality(_ picture: Picture) async throws -> Float {
            try #require(try await analyzer.analyze(picture.jpeg()).faces.first?.quality)
        }
        let original = try await quality(picture)
        let small = picture.resized(width: picture.width / 12, height: picture.height / 12)
        let blurred = small.resized(width: picture.width, height: picture.height)
        #expect(try await quality(small) < 0.8 * original)
        #expect(try await quality(blurred) < 0.8 * original)
    }
}
