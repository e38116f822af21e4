import FaceAnalysis
import Imaging
import NIOPosix
import Recognition

extension RecognitionService {
    /// The use cases as the settings want them.
    static func make(_ settings: Settings, database: Database) async throws -> RecognitionService {
        // Networks take a second to compile, which blocks.
        let analyzer = try await NIOThreadPool.singleton.runIfActive {
            try FaceAnalyzer(
                .init(
                    modelsFolder: settings.modelsDirectory, threads: settings.analysisThreads,
                    queueCapacity: settings.analysisQueue, limits: ImageLimits(maxPixels: settings.imagePixels)))
        }
        var configuration = Configuration()
        configuration.similarityLevel = settings.similarityLevel
        configuration.maxPersons = settings.maxPersons
        configuration.minEnrolmentQuality = settings.minEnrolmentQuality
        configuration.searchThreads = settings.searchThreads
        return RecognitionService(analyzer: analyzer, pool: database.pool, configuration: configuration)
    }
}
