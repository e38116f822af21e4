import CProcessor
import FaceAnalysis
import FaceModel
import Foundation
import Imaging
import Synchronization
import TestKit
import Testing

/// The detector by the project's own kernels against the same network in the inference runtime.
struct KernelDetectorTests {
    private func analyzer(_ detector: DetectorRunner, threads: Int = 1) throws -> FaceAnalyzer {
        var configuration = FaceAnalyzer.Configuration(modelsFolder: Checkout.models, threads: threads)
        configuration.detector = detector
        return try FaceAnalyzer(configuration)
    }

    /// All photos, groups with small faces that call for finer looks, and pictures of odd and tiny sizes.
    private func files() throws -> [[UInt8]] {
        var files = try Photo.allCases.map { try $0.bytes() }
        files.append(try Collage.eightFaces().jpeg(quality: 95))
        var crowd = Collage(width: 2400, height: 1600)
        crowd.paste(
            try Collage.grid([.obama, .personA2, .personB1, .impostor2], columns: 2, cellHeight: 120), x: 900, y: 700)
        files.append(try crowd.picture.jpeg(quality: 95))
        let photo = try EncodedImage(Photo.personB1.bytes()).decode().picture
        for (width, height) in [(97, 131), (161, 64), (640, 33), (333, 500), (2, 2), (700, 641)] {
            files.append(try photo.resized(width: width, height: height).jpeg(quality: 95))
        }
        return files
    }

    @Test(arguments: Processor.instructionSets)
    func `both see the same faces at the same places`(instructions: instruction_set) async throws {
        let (own, runtime) = (try analyzer(.kernels(instructions)), try analyzer(.runtime))
        defer {
            own.stop()
            runtime.stop()
        }
        var seen = 0
        for (number, file) in try files().enumerated() {
            let (found, wanted) = (try await own.analyze(file).faces, try await runtime.analyze(file).faces)
            #expect(found.count == wanted.count, "picture \(number)")
            for (face, other) in zip(found, wanted) {
                #expect(face.box.overlap(with: other.box) > 0.999, "picture \(number)")
                #expect(abs(face.detectionScore - other.detectionScore) < 1e-4, "picture \(number)")
                let (points, others) = (face.landmarks.points, other.landmarks.points)
                let distances = points.indices.map { points[$0].distance(to: others[$0]) }
                #expect((distances.max() ?? 0) < 0.001 * face.box.width, "picture \(number): \(distances)")
                #expect(face.embedding.cosine(to: other.embedding) > 0.9999, "picture \(number)")
            }
            seen += found.count
        }
        #expect(seen > 24)
    }

    /// But for the portable kernels of x86-64, which round more often.
    @Test func `processors see the same faces, to the last bit`() async throws {
        let analyzers = try Processor.instructionSets.filter { $0 != .portable }.map { try analyzer(.kernels($0)) }
        defer { for analyzer in analyzers { analyzer.stop() } }
        for (number, file) in try files().enumerated() {
            var found: [[DetectedFace]] = []
            for analyzer in analyzers { found.append(try await analyzer.analyze(file).faces) }
            #expect(found.allSatisfy { $0 == found[0] }, "picture \(number)")
        }
    }

    @Test(arguments: Processor.instructionSets)
    func `all cores see what one sees, to the last bit`(instructions: instruction_set) async throws {
        let (one, all) = (
            try analyzer(.kernels(instructions)), try analyzer(.kernels(instructions), threads: 3)
        )
        defer {
            one.stop()
            all.stop()
        }
        for file in try files() { #expect(try await one.analyze(file).faces == all.analyze(file).faces) }
    }

    @Test func `weights that cannot be read are told with their name`() async throws {
        let weights = try Data(contentsOf: Checkout.models.appending(path: "face_detection_yunet_2023mar.safetensors"))
        let broken = [
            Data(), Data(weights.prefix(7)), Data(weights.prefix(300)), Data(weights.dropLast(4)),
            Data(repeating: 0xFF, count: 64), Data([2, 0, 0, 0, 0, 0, 0, 0]) + Data("{}".utf8),
        ]
        for (number, data) in broken.enumerated() {
            try await withModels { manifest in
                var detector = manifest["detector"] as? [String: Any]
                detector?["weights"] = "broken.safetensors"
                manifest["detector"] = detector
            } body: { folder in
                try data.write(to: folder.appending(path: "broken.safetensors"))
                #expect("number \(number)") {
                    var configuration = FaceAnalyzer.Configuration(modelsFolder: folder, threads: 1)
                    configuration.detector = .kernels(instruction_set_best())
                    return try FaceAnalyzer(configuration)
                } throws: { error in
                    guard case FaceAnalysisError.modelsUnusable(let text) = error else { return false }
                    return text.contains("broken.safetensors")
                }
            }
        }
    }

    @Test func `a folder without weights is served by the runtime`() async throws {
        try await withModels { manifest in
            var detector = manifest["detector"] as? [String: Any]
            detector?["weights"] = nil
            manifest["detector"] = detector
        } body: { folder in
            let analyzer = try FaceAnalyzer(.init(modelsFolder: folder, threads: 1))
            defer { analyzer.stop() }
            #expect(try await analyzer.analyze(Photo.biden.bytes()).faces.count == 1)
        }
    }
}

struct CrewTests {
    @Test func `every piece is done before its caller goes on, whoever comes`() {
        let crew = Crew(size: 3)
        defer { crew.stop() }
        for _ in 0..<2000 {
            let pieces = Pieces(count: 20)
            crew.share { pieces.work(as: $0) }
            #expect(pieces.sum == 190)
            #expect(pieces.workers.isSubset(of: [0, 1, 2]))
        }
    }

    @Test func `a crew that was stopped leaves the work to its caller`() {
        let crew = Crew(size: 2)
        crew.stop()
        let pieces = Pieces(count: 5)
        crew.share { pieces.work(as: $0) }
        #expect(pieces.sum == 10)
    }
}

/// Numbers that are taken one by one and added up.
private final class Pieces: Sendable {
    private struct State {
        var next = 0
        var sum = 0
        var done = 0
        var workers: Set<Int> = []
    }

    private let count: Int
    private let state = Mutex(State())

    init(count: Int) { self.count = count }

    var sum: Int { state.withLock(\.sum) }
    var workers: Set<Int> { state.withLock(\.workers) }

    /// Takes pieces until none is left, and waits until all that others took are done.
    func work(as number: Int) {
        while let piece = take(by: number) {
            state.withLock {
                $0.sum += piece
                $0.done += 1
            }
        }
        while state.withLock({ $0.done }) < count { sched_yield() }
    }

    private func take(by number: Int) -> Int? {
        state.withLock { state in
            guard state.next < count else { return nil }
            state.workers.insert(number)
            defer { state.next += 1 }
            return state.next
        }
    }
}
