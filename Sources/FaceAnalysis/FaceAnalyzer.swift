public import FaceModel
public import Foundation
public import Imaging
public import Inference
import Metrics

/// Pictures in, faces out: decoding, detection, alignment, embedding, quality and pose; age and gender on request.
///
/// The analyser owns as many threads as it is told; each picture is worked on by one of them from its bytes to its
/// faces, so that with several pictures at once every core is busy and none waits for another. A picture that is alone
/// has its networks run on all cores.
public final class FaceAnalyzer: Sendable {
    /// How an analyser is set up.
    public struct Configuration: Sendable {
        /// The folder with `model.json` and the ONNX files.
        public var modelsFolder: URL
        /// How many pictures are analysed at the same time, each on a thread of its own.
        public var threads: Int
        /// How many more pictures may wait.
        public var queueCapacity: Int
        /// How many pictures are remembered, so that asking again costs nothing; 0: none.
        public var cacheCapacity: Int
        /// Which pictures are refused before they are decoded.
        public var limits: ImageLimits
        /// The numbers that the embedder computes with; all other networks use 32-bit floats.
        public var embedderPrecision = InferencePrecision.float32
        /// The memory for pixels, over all threads, in bytes.
        public var pixelMemory = 1 << 30
        /// How many faces of a picture are embedded, the largest ones.
        public var maximumFaces = 200
        /// What runs the detector's network.
        package var detector = DetectorRunner.best

        /// A configuration; by default with a thread per core.
        public init(
            modelsFolder: URL, threads: Int = ProcessInfo.processInfo.activeProcessorCount,
            queueCapacity: Int = 256, cacheCapacity: Int = 0, limits: ImageLimits = ImageLimits()
        ) {
            self.modelsFolder = modelsFolder
            self.threads = threads
            self.queueCapacity = queueCapacity
            self.cacheCapacity = cacheCapacity
            self.limits = limits
        }
    }

    /// The networks in use.
    public let manifest: ModelManifest

    /// Whether the models folder has networks for age and gender.
    public var estimatesAttributes: Bool { manifest.attributes != nil }

    /// Beyond so many threads a network is too small to be divided any further.
    private static let mostWideThreads = 8

    /// What stands for a face of which no picture is kept: a plain grey JPEG in the size of the embedder's input.
    public let neutralThumbnail: [UInt8]

    let threads: AnalysisThreads<AnalysisWorkspace>
    let limits: ImageLimits
    private let crew: Crew?
    private let cache: AnalysisCache?
    private let stages = StageTimers()

    /// Loads and compiles the networks and starts the threads; takes about a second.
    ///
    /// - Throws: ``FaceAnalysisError/modelsUnusable(_:)`` or ``FaceAnalysisError/network(_:)``.
    public init(_ configuration: Configuration) throws(FaceAnalysisError) {
        let manifest = try ModelManifest.load(from: configuration.modelsFolder)
        self.manifest = manifest
        do throws(ImagingError) {
            neutralThumbnail = try Picture.grey(width: manifest.input.width, height: manifest.input.height).jpeg()
        } catch {
            throw .image(error)
        }
        let runtime: InferenceRuntime
        do { runtime = try InferenceRuntime.start() } catch { throw .network(error) }
        let folder = configuration.modelsFolder
        let compiler = NetworkCompiler(
            manifest: manifest, folder: folder, runtime: runtime, embedderPrecision: configuration.embedderPrecision)
        let wideThreads = min(configuration.threads, Self.mostWideThreads)
        let wideEmbedder = wideThreads > 1 ? try compiler.embedder(threads: wideThreads) : nil
        // Several pictures at a time may ask for age and gender; the networks for it are shared.
        let plan = ExecutionPlan(streams: configuration.threads, threads: configuration.threads)
        let attributeNetworks: AttributeNetworks? =
            if let attributes = manifest.attributes {
                try AttributeNetworks(attributes, folder: folder, runtime: runtime, plan: plan)
            } else {
                nil
            }
        let maximumFaces = configuration.maximumFaces
        let limits = configuration.limits
        self.limits = limits
        cache = configuration.cacheCapacity > 0 ? AnalysisCache(capacity: configuration.cacheCapacity) : nil
        let detectors = try DetectorSource(
            compiler, runner: configuration.detector, wideThreads: wideThreads)
        let crew = wideThreads > 1 ? Crew(size: wideThreads) : nil
        self.crew = crew
        let load = AnalysisLoad(crew: crew)
        let makeWorkspace = { @Sendable () throws(FaceAnalysisError) in
            let detector = FaceDetector(network: try detectors.makeDetector(load: load), settings: manifest.detector)
            let embedder = try compiler.embedder(threads: 1)
            do throws(InferenceError) {
                return AnalysisWorkspace(
                    detector: detector,
                    embedder: FaceEmbedder(
                        session: try embedder.makeSession(wide: wideEmbedder), manifest: manifest, load: load),
                    attributeNetworks: attributeNetworks, manifest: manifest, limits: limits,
                    maximumFaces: maximumFaces, load: load)
            } catch {
                throw .network(error)
            }
        }
        do throws(FaceAnalysisError) {
            threads = try AnalysisThreads(
                count: configuration.threads, capacity: configuration.queueCapacity,
                budget: PixelBudget(capacity: configuration.pixelMemory), load: load,
                makeWorkspace: makeWorkspace)
        } catch {
            crew?.stop()
            throw error
        }
        InferenceRuntime.returnUnusedMemory()
    }

    /// Finds and embeds the faces of an encoded picture.
    ///
    /// - Parameter wantsAttributes: whether age and gender of each face are estimated; without networks for them, as
    ///   ``estimatesAttributes`` says, there are none. The first such call takes a fifth of a second more.
    /// - Throws: ``FaceAnalysisError``; `overloaded` comes at once when too many pictures wait already.
    public func analyze(
        _ bytes: [UInt8], wantsAttributes: Bool = false
    ) async throws(FaceAnalysisError) -> PictureAnalysis {
        let start = ContinuousClock.now
        let key = cache.map { _ in AnalysisCache.Key(bytes, wantsAttributes: wantsAttributes) }
        if let key, let known = cache?.find(key) {
            return PictureAnalysis(width: known.width, height: known.height, faces: known.faces, timings: .init())
        }
        let header = try header(of: bytes)
        // A finer look is decoded while the coarser one, of half the size at most, is still there.
        let memory = header.memoryToDecode + header.memoryOfPixels / 4
        let analysis = try await threads.run(memory: memory) { (workspace) throws(FaceAnalysisError) in
            try workspace.analyse(bytes, wantsAttributes: wantsAttributes, queued: ContinuousClock.now - start)
        }
        stages.record(analysis.timings)
        if let key { cache?.add(analysis, for: key) }
        return analysis
    }

    /// A picture as JPEG: JPEG files are returned byte for byte, others are converted.
    ///
    /// - Throws: ``FaceAnalysisError``; a JPEG is only checked up to its header.
    public func jpeg(from bytes: [UInt8]) async throws(FaceAnalysisError) -> [UInt8] {
        let header = try header(of: bytes)
        if header.format == .jpeg { return bytes }
        let limits = limits
        let memory = header.memoryToDecode + header.memoryOfPixels
        return try await threads.run(memory: memory) { (_) throws(FaceAnalysisError) in
            do throws(ImagingError) {
                return try EncodedImage(bytes, limits: limits).decode().picture.jpeg()
            } catch {
                throw .image(error)
            }
        }
    }

    /// Faces cut out of a picture with some room around them, each as a JPEG of its own.
    ///
    /// - Parameter boxes: the faces in pixels of the upright picture.
    /// - Returns: a file per box; the whole picture where nothing of a box lies in it.
    /// - Throws: ``FaceAnalysisError``.
    public func portraits(of boxes: [BoundingBox], in bytes: [UInt8]) async throws(FaceAnalysisError) -> [[UInt8]] {
        guard !boxes.isEmpty else { return [] }
        let header = try header(of: bytes)
        let limits = limits
        let memory = header.memoryToDecode + header.memoryOfPixels
        return try await threads.run(memory: memory) { (_) throws(FaceAnalysisError) in
            do throws(ImagingError) {
                return try Portrait.files(of: boxes, in: EncodedImage(bytes, limits: limits))
            } catch {
                throw .image(error)
            }
        }
    }

    /// A picture's header, if the picture may be decoded.
    func header(of bytes: [UInt8]) throws(FaceAnalysisError) -> ImageHeader {
        do { return try ImageHeader(bytes, limits: limits) } catch { throw .image(error) }
    }

    /// The memory to decode pictures one after the other.
    func memoryToDecode(_ files: [[UInt8]]) throws(FaceAnalysisError) -> Int {
        var memory = 0
        for file in files { memory = max(memory, try header(of: file).memoryToDecode) }
        return memory
    }

    /// Ends the threads; pictures that wait are refused with ``FaceAnalysisError/cancelled``.
    public func stop() {
        threads.stop()
        crew?.stop()
    }
}

/// The stage times as metrics.
private struct StageTimers: Sendable {
    private let queue = StageTimers.timer("queue")
    private let decode = StageTimers.timer("decode")
    private let detect = StageTimers.timer("detect")
    private let embed = StageTimers.timer("embed")
    private let attributes = StageTimers.timer("attributes")

    func record(_ timings: PictureAnalysis.Timings) {
        queue.recordDuration(timings.queue)
        decode.recordDuration(timings.decode)
        detect.recordDuration(timings.detect)
        embed.recordDuration(timings.embed)
        if timings.attributes > .zero { attributes.recordDuration(timings.attributes) }
    }

    private static func timer(_ stage: String) -> Metrics.Timer {
        Metrics.Timer(label: "firserver_analysis_stage_duration", dimensions: [("stage", stage)])
    }
}

extension Metrics.Timer {
    fileprivate func recordDuration(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
