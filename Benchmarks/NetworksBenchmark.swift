import FaceAnalysis
import Foundation
import Imaging
import Inference
import Synchronization
import TestKit

/// The networks by themselves: one run of the detector and one of the embedder for each picture, no decoding and no HTTP.
/// Whatever is around them can only be slower.
struct NetworksBenchmark {
    let duration: Duration

    func run(into table: inout Table) throws {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        try run("networks alone, a picture per core", pictures: cores, threads: 1, into: &table)
        try run("networks alone, a picture on all cores", pictures: 1, threads: cores, into: &table)
    }

    /// Runs the networks for some pictures at the same time, on so many threads each.
    private func run(_ name: String, pictures: Int, threads: Int, into table: inout Table) throws {
        let manifest = try ModelManifest.load(from: Checkout.models)
        let shapes = try Photo.oneFace.map { try detectorShape(of: $0.bytes(), side: manifest.detector.longestSide) }
        let runtime = try InferenceRuntime.start()
        let samples = Mutex<[Duration]>([])
        let failures = Mutex<[any Error]>([])
        let (ready, go, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        for number in 0..<pictures {
            Thread.detachNewThread {
                defer { done.signal() }
                do {
                    var pair = try NetworkPair.load(manifest, runtime: runtime, threads: threads)
                    for shape in shapes { try pair.run(shape) }
                    ready.signal()
                    go.wait()
                    let end = ContinuousClock.now + duration
                    var own: [Duration] = []
                    while ContinuousClock.now < end {
                        let shape = shapes[(number + own.count) % shapes.count]
                        own.append(try ContinuousClock().measure { try pair.run(shape) })
                    }
                    samples.withLock { $0 += own }
                } catch {
                    failures.withLock { $0.append(error) }
                    ready.signal()
                }
            }
        }
        for _ in 0..<pictures { ready.wait() }
        let start = ContinuousClock.now
        for _ in 0..<pictures { go.signal() }
        for _ in 0..<pictures { done.wait() }
        let elapsed = ContinuousClock.now - start
        if let failure = failures.withLock({ $0.first }) { throw failure }
        let all = samples.withLock { $0 }
        table.add(name, all, rate: Double(all.count) / (elapsed / .seconds(1)))
    }

    /// What the detector gets to see of a picture.
    private func detectorShape(of file: [UInt8], side: Int) throws -> [Int] {
        let image = try EncodedImage(file)
        let factor = Double(side) / Double(max(image.width, image.height))
        let padded = [image.height, image.width].map { (Int((Double($0) * factor).rounded()) + 31) / 32 * 32 }
        return [1, 3] + padded
    }
}

/// One thread's detector and embedder.
private struct NetworkPair: ~Copyable {
    private var detector: InferenceSession
    private var embedder: InferenceSession
    private let crop: [Int]

    init(detector: consuming InferenceSession, embedder: consuming InferenceSession, crop: [Int]) {
        self.detector = detector
        self.embedder = embedder
        self.crop = crop
    }

    static func load(_ manifest: ModelManifest, runtime: InferenceRuntime, threads: Int) throws -> NetworkPair {
        let plan = ExecutionPlan(streams: 1, threads: threads)
        let crop = [1, 3, manifest.input.height, manifest.input.width]
        let detector = try runtime.network(
            at: Checkout.models.appending(path: manifest.detector.file).path, inputShape: [1, 3, nil, nil], plan: plan)
        let embedder = try runtime.network(
            at: Checkout.models.appending(path: manifest.file).path, inputShape: crop.map(Optional.some), plan: plan)
        return NetworkPair(detector: try detector.makeSession(), embedder: try embedder.makeSession(), crop: crop)
    }

    mutating func run(_ shape: [Int]) throws {
        try detector.fill(shape: shape) { Self.fill(&$0) }
        try detector.run()
        try embedder.fill(shape: crop) { Self.fill(&$0) }
        try embedder.run()
    }

    /// The same pixels each time; only the first of a shape is written.
    private static func fill(_ input: inout MutableSpan<Float>) {
        guard input[input.count - 1] != 255 else { return }
        for index in input.indices { input[index] = Float((index &* 2_654_435_761) >> 8 & 255) }
        input[input.count - 1] = 255
    }
}
