import FaceAnalysis
import FaceModel
import Foundation
import Imaging
import TestKit
import Testing

struct AttributeTests {
    private func faces(in bytes: [UInt8]) async throws -> [DetectedFace] {
        try await sharedAnalyzer.get().analyze(bytes, wantsAttributes: true).faces
    }

    @Test(arguments: Photo.allCases)
    func `the gender is that of the person`(photo: Photo) async throws {
        let attributes = try #require(try await faces(in: photo.bytes()).first?.attributes)
        #expect(attributes.gender == (photo.subject == .personB ? .female : .male))
        #expect(attributes.genderConfidence > 0.95 && attributes.genderConfidence <= 1)
    }

    /// With the ages that the people had, to a year or two: not all photos are dated.
    @Test(arguments: [
        (Photo.obama, 51), (.biden, 70), (.impostor1, 43), (.impostor2, 38), (.personA1, 36), (.personA2, 47),
        (.personB1, 38), (.personB2, 41),
    ])
    func `the age is near that of the person`(photo: Photo, years: Int) async throws {
        let age = try #require(try await faces(in: photo.bytes()).first?.attributes?.age)
        #expect(abs(age - Float(years)) < 8, "\(age)")
    }

    @Test func `who else is in the picture changes nothing`() async throws {
        // Far apart and in a picture of the detector's own size, so that the landmarks do not change either.
        let places = [(photo: Photo.personB1, x: 0, y: 0), (.impostor2, 448, 0), (.biden, 0, 448), (.obama, 448, 448)]
        let pictures = try places.map { place in
            let picture = try EncodedImage(place.photo.bytes()).decode(longestSideAtLeast: 192).picture
            return picture.resized(width: 192 * picture.width / picture.height, height: 192)
        }
        var everybody = Collage(width: 640, height: 640)
        for (place, picture) in zip(places, pictures) { everybody.paste(picture, x: place.x, y: place.y) }
        let together = try await faces(in: everybody.picture.jpeg(quality: 95))
        #expect(together.count == places.count)
        for (place, picture) in zip(places, pictures) {
            var one = Collage(width: 640, height: 640)
            one.paste(picture, x: place.x, y: place.y)
            let alone = try #require(try await faces(in: one.picture.jpeg(quality: 95)).first)
            let same = try #require(together.max { $0.box.overlap(with: alone.box) < $1.box.overlap(with: alone.box) })
            #expect(same.landmarks.noseTip.distance(to: alone.landmarks.noseTip) < 0.01, "\(place.photo)")
            let (first, second) = try (#require(same.attributes), #require(alone.attributes))
            #expect(first.gender == second.gender)
            #expect(abs(first.genderConfidence - second.genderConfidence) < 0.001)
            #expect(abs(first.age - second.age) < 0.1, "\(place.photo): \(first.age) \(second.age)")
        }
    }

    @Test func `the same photo gives the same attributes on every thread`() async throws {
        let analyzer = try sharedAnalyzer.get()
        let bytes = try Photo.personA1.bytes()
        let first = try await analyzer.analyze(bytes, wantsAttributes: true).faces
        let again = try await withThrowingTaskGroup(of: [DetectedFace].self) { group in
            for _ in 0..<6 { group.addTask { try await analyzer.analyze(bytes, wantsAttributes: true).faces } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(again.allSatisfy { $0 == first })
    }

    @Test func `only who asks gets attributes and waits for them`() async throws {
        let analyzer = try sharedAnalyzer.get()
        #expect(analyzer.estimatesAttributes)
        let bytes = try Photo.biden.bytes()
        let plain = try await analyzer.analyze(bytes)
        #expect(plain.faces.count == 1 && plain.faces.allSatisfy { $0.attributes == nil })
        #expect(plain.timings.attributes == .zero)
        let asked = try await analyzer.analyze(bytes, wantsAttributes: true)
        #expect(asked.timings.attributes > .zero)
        var stripped = asked.faces
        for index in stripped.indices { stripped[index].attributes = nil }
        #expect(stripped == plain.faces)
    }

    @Test func `a manifest without attributes has none`() async throws {
        try await withModels { manifest in
            manifest["attributes"] = nil
        } body: { folder in
            let analyzer = try FaceAnalyzer(.init(modelsFolder: folder, threads: 1))
            defer { analyzer.stop() }
            #expect(!analyzer.estimatesAttributes)
            let faces = try await analyzer.analyze(Photo.biden.bytes(), wantsAttributes: true).faces
            #expect(faces.count == 1 && faces.allSatisfy { $0.attributes == nil })
        }
    }

    @Test(arguments: ["age", "gender"])
    func `a manifest that names a missing file says so`(network: String) async throws {
        try await withModels { manifest in
            var attributes = manifest["attributes"] as? [String: Any]
            var part = attributes?[network] as? [String: Any]
            part?["file"] = "nowhere.onnx"
            attributes?[network] = part
            manifest["attributes"] = attributes
        } body: { folder in
            #expect {
                try FaceAnalyzer(.init(modelsFolder: folder, threads: 1))
            } throws: { error in
                guard case FaceAnalysisError.modelsUnusable(let text) = error else { return false }
                return text.contains("nowhere.onnx")
            }
        }
    }

    @Test func `a manifest with senseless attributes says so`() async throws {
        try await withModels { manifest in
            var attributes = manifest["attributes"] as? [String: Any]
            attributes?["template"] = [[0.5, 0.5]]
            manifest["attributes"] = attributes
        } body: { folder in
            #expect(throws: FaceAnalysisError.self) { try ModelManifest.load(from: folder) }
        }
    }
}
