import FaceAnalysis
import FaceModel
import Foundation
import Imaging
import TestKit
import Testing

struct FusionTests {
    /// Means of what a search compares: the probes of all photos against plain embeddings of all others.
    private func separation(_ probes: [Photo: Embedding], _ gallery: [Photo: Embedding]) -> Double {
        var (same, others): ([Double], [Double]) = ([], [])
        for (photo, probe) in probes {
            for (known, embedding) in gallery where known != photo {
                if known.subject == photo.subject {
                    same.append(probe.cosine(to: embedding))
                } else {
                    others.append(probe.cosine(to: embedding))
                }
            }
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        func variance(_ values: [Double]) -> Double {
            let centre = mean(values)
            return mean(values.map { ($0 - centre) * ($0 - centre) })
        }
        return (mean(same) - mean(others)) / ((variance(same) + variance(others)) / 2).squareRoot()
    }

    @Test(arguments: [nil, 12] as [Float?])
    func `several views of a face tell people apart better than one`(eyeDistance: Float?) async throws {
        let analyzer = try sharedAnalyzer.get()
        var (gallery, plain, fused): ([Photo: Embedding], [Photo: Embedding], [Photo: Embedding]) = ([:], [:], [:])
        for photo in Photo.allCases {
            var bytes = try photo.bytes()
            let face = try #require(try await analyzer.analyze(bytes).faces.first)
            gallery[photo] = face.embedding
            if let eyeDistance {
                let factor = eyeDistance / face.landmarks.rightEye.distance(to: face.landmarks.leftEye)
                let picture = try EncodedImage(bytes).decode().picture
                bytes = try picture.resized(
                    width: Int(Float(picture.width) * factor), height: Int(Float(picture.height) * factor)
                ).jpeg()
            }
            let probe = try #require(try await analyzer.analyze(bytes).faces.first)
            plain[photo] = probe.embedding
            fused[photo] = try #require(
                try await analyzer.fusedEmbeddings(of: [probe.landmarks], in: bytes).first ?? nil)
        }
        let (one, several) = (separation(plain, gallery), separation(fused, gallery))
        print(
            "eyes \(eyeDistance.map { "\($0) pixels" } ?? "as they are") apart: d′ \(one) with one view, \(several) fused"
        )
        #expect(several > one + 0.05)
    }

    @Test func `a mirrored face is nearly the same face`() async throws {
        let analyzer = try sharedAnalyzer.get()
        let picture = try EncodedImage(Photo.biden.bytes()).decode().picture
        #expect(picture.mirrored.mirrored == picture)
        let (bytes, mirrored) = (try picture.jpeg(), try picture.mirrored.jpeg())
        let face = try #require(try await analyzer.analyze(bytes).faces.first)
        let other = try #require(try await analyzer.analyze(mirrored).faces.first)
        let moved = face.landmarks.mirrored(inWidth: picture.width)
        #expect(moved.rightEye.distance(to: other.landmarks.rightEye) < 0.1 * face.box.width)
        let views = try await analyzer.fusedEmbeddings(of: [face.landmarks], in: bytes)
        let same = try await analyzer.fusedEmbeddings(of: [moved], in: mirrored)
        #expect(try #require(views[0]).cosine(to: try #require(same[0])) > 0.98)
    }

    @Test(arguments: Photo.allCases)
    func `a crop is known by where its face lies, even when it was coded anew`(photo: Photo) async throws {
        let analyzer = try sharedAnalyzer.get()
        let bytes = try photo.bytes()
        let face = try #require(try await analyzer.analyze(bytes).faces.first)
        let crop = try #require(try await analyzer.thumbnails(of: [face.landmarks], in: bytes).first ?? nil)
        #expect(try await analyzer.isAligned(crop))
        let picture = try EncodedImage(crop).decode().picture
        #expect(try await analyzer.isAligned(picture.jpeg(quality: 75)))
        // Nearer, or the whole photo at that size: no crop of ours.
        let nearer = try #require(picture.part(.init(x: 20, y: 20, width: 72, height: 72)))
        #expect(try await !analyzer.isAligned(nearer.resized(width: 112, height: 112).jpeg()))
        let whole = try EncodedImage(bytes).decode().picture.resized(width: 112, height: 112)
        #expect(try await !analyzer.isAligned(whole.jpeg()))
        #expect(try await !analyzer.isAligned(bytes))
        let embeddings = try await analyzer.fusedEmbeddings(ofAligned: [crop])
        #expect(try #require(embeddings[0]).cosine(to: face.embedding) > 0.9)
    }
}
