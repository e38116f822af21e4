import FaceAnalysis
import FaceModel
import Foundation
import Imaging
import TestKit
import Testing

struct FaceAnalyzerTests {
    @Test(arguments: [[UInt8](), [1, 2, 3], Array("no picture".utf8), [0xFF, 0xD8, 0xFF]])
    func `bytes that are no picture give a typed error`(bytes: [UInt8]) async throws {
        let analyzer = try sharedAnalyzer.get()
        await #expect {
            try await analyzer.analyze(bytes)
        } throws: { error in
            guard case FaceAnalysisError.image = error else { return false }
            return true
        }
    }

    @Test func `a picture that was analysed lately is remembered, and only so many of them`() async throws {
        let analyzer = try FaceAnalyzer(.init(modelsFolder: Checkout.models, threads: 1, cacheCapacity: 2))
        defer { analyzer.stop() }
        func isRemembered(_ photo: Photo, attributes: Bool = false) async throws -> Bool {
            let analysis = try await analyzer.analyze(photo.bytes(), wantsAttributes: attributes)
            let fresh = try await sharedAnalyzer.get().analyze(photo.bytes(), wantsAttributes: attributes)
            #expect(analysis.faces == fresh.faces && analysis.width == fresh.width)
            return analysis.timings.embed == .zero
        }
        #expect(try await !isRemembered(.biden))
        #expect(try await isRemembered(.biden))
        // Age and gender are another question.
        #expect(try await !isRemembered(.biden, attributes: true))
        #expect(try await isRemembered(.biden, attributes: true))
        for photo in [Photo.personA1, .personB1, .impostor2] { #expect(try await !isRemembered(photo)) }
        #expect(try await isRemembered(.impostor2))
        #expect(try await !isRemembered(.biden))
    }

    @Test func `a picture shows the same faces alone, on all cores, and among others, on one`() async throws {
        let analyzer = try FaceAnalyzer(.init(modelsFolder: Checkout.models, threads: 2))
        defer { analyzer.stop() }
        let files = try [Photo.biden, .personA1, .personB1, .impostor2].map { try $0.bytes() }
        var alone: [[DetectedFace]] = []
        for file in files { alone.append(try await analyzer.analyze(file).faces) }
        #expect(alone.allSatisfy { !$0.isEmpty })
        try await withThrowingTaskGroup(of: (Int, [DetectedFace]).self) { group in
            for number in 0..<4 * files.count {
                group.addTask {
                    (number % files.count, try await analyzer.analyze(files[number % files.count]).faces)
                }
            }
            for try await (number, faces) in group { #expect(faces == alone[number]) }
        }
    }

    @Test func `a full queue refuses at once and the others are served`() async throws {
        let analyzer = try FaceAnalyzer(.init(modelsFolder: Checkout.models, threads: 1, queueCapacity: 2))
        defer { analyzer.stop() }
        let bytes = try Photo.biden.bytes()
        let outcomes = await withTaskGroup(of: String.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    do throws(FaceAnalysisError) {
                        return "\(try await analyzer.analyze(bytes).faces.count)"
                    } catch {
                        if case .overloaded = error { return "overloaded" }
                        return "\(error)"
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == "1" } >= 2)
        #expect(outcomes.count { $0 == "overloaded" } >= 1)
        #expect(outcomes.allSatisfy { $0 == "1" || $0 == "overloaded" }, "\(outcomes)")
    }

    @Test func `after the end pictures are refused`() async throws {
        let analyzer = try FaceAnalyzer(.init(modelsFolder: Checkout.models, threads: 1))
        analyzer.stop()
        await #expect(throws: FaceAnalysisError.self) { try await analyzer.analyze(Photo.personA1.bytes()) }
    }

    @Test func `a caller that goes away does not use a thread`() async throws {
        let analyzer = try FaceAnalyzer(.init(modelsFolder: Checkout.models, threads: 1))
        defer { analyzer.stop() }
        let bytes = try Photo.biden.bytes()
        let busy = Task { try await analyzer.analyze(bytes) }
        let gone = (0..<50).map { _ in Task { try await analyzer.analyze(bytes) } }
        for task in gone { task.cancel() }
        _ = try await busy.value
        var cancelled = 0
        for task in gone {
            if case .failure = await task.result { cancelled += 1 }
        }
        #expect(cancelled >= 45)
    }

    @Test func `a folder without models says what is missing`() {
        #expect {
            try FaceAnalyzer(.init(modelsFolder: URL(filePath: "/nowhere")))
        } throws: { error in
            guard case FaceAnalysisError.modelsUnusable(let text) = error else { return false }
            return text.contains("/nowhere/model.json")
        }
    }

    @Test func `a PNG becomes a JPEG and a JPEG stays as it is`() async throws {
        let analyzer = try sharedAnalyzer.get()
        let jpeg = try Photo.obama.bytes()
        #expect(try await analyzer.jpeg(from: jpeg) == jpeg)
        let converted = try await analyzer.jpeg(from: Photo.obamaPNG.bytes())
        let image = try EncodedImage(converted)
        #expect(image.format == .jpeg && image.width == 626 && image.height == 1200)
    }
}
