import FaceModel
import Foundation
import Recognition

extension FailingService: RecognitionLog {
    func isTemplate(_ bytes: [UInt8]) -> Bool { false }

    func passes(
        matching filter: PassFilter, offset: Int, limit: Int, receive: @escaping @Sendable ([Pass]) -> Bool
    ) async throws(RecognitionError) -> Int { throw error }

    func passes(
        like photo: [UInt8], matching filter: PassFilter, minimumSimilarity: Double
    ) async throws(RecognitionError) -> [SimilarPass] { throw error }

    func visitors(matching filter: PassFilter, threshold: Double) async throws(RecognitionError) -> [Visitor] {
        throw error
    }

    func demographics(
        matching filter: PassFilter, per period: Demographics.Period, in zone: TimeZone
    ) async throws(RecognitionError) -> [Demographics] { throw error }

    func events(
        _ limit: Int, from: Date?, to: Date?, name: String?, camera: String?
    ) async throws(RecognitionError) -> [PlatformEvent] { throw error }

    func liveEvents() -> AsyncStream<PlatformEvent> { AsyncStream { $0.finish() } }

    func cameras() async throws(RecognitionError) -> [Camera] { throw error }
}
