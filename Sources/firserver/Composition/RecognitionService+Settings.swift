import FaceAnalysis
import FaceModel
import Imaging
import NIOPosix
import Recognition

extension RecognitionService {
    /// The use cases as the settings want them.
    static func make(
        _ settings: Settings, database: Database, clock: ServerClock = ServerClock(), ids: IDSource = IDSource(),
        interpreter: (any PictureInterpreter)? = nil
    ) async throws -> RecognitionService {
        // Networks take a second to compile, which blocks.
        let (analyzer, liveness) = try await NIOThreadPool.singleton.runIfActive {
            let liveness = try settings.openCV.livenessManifest.map { try LivenessClassifier(manifest: $0) }
            var analysis = FaceAnalyzer.Configuration(
                modelsFolder: settings.modelsDirectory, threads: settings.analysisThreads,
                queueCapacity: settings.analysisQueue, cacheCapacity: settings.analysisCache,
                limits: settings.limits.images)
            analysis.pixelMemory = settings.limits.pixelMemory
            analysis.maximumFaces = settings.limits.faces
            analysis.embedderPrecision = settings.inferencePrecision
            return (try FaceAnalyzer(analysis), liveness)
        }
        var configuration = Configuration()
        configuration.settings.similarityLevel = settings.similarityLevel
        configuration.settings.minimumPhotoQuality = settings.minEnrolmentQuality
        configuration.clock = clock
        configuration.ids = ids
        configuration.interpreter = interpreter
        configuration.liveness = liveness
        configuration.maxPersons = settings.maxPersons
        configuration.searchThreads = settings.searchThreads
        return RecognitionService(analyzer: analyzer, pool: database.pool, configuration: configuration)
    }
}
