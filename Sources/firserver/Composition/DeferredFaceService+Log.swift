import FaceModel
import Foundation
import Recognition

extension DeferredFaceService: RecognitionLog {
    func passes(
        matching filter: PassFilter, offset: Int, limit: Int, receive: @escaping @Sendable ([Pass]) -> Bool
    ) async throws(RecognitionError) -> Int {
        try await ready().passes(matching: filter, offset: offset, limit: limit, receive: receive)
    }

    func passes(
        like photo: [UInt8], matching filter: PassFilter, minimumSimilarity: Double
    ) async throws(RecognitionError) -> [SimilarPass] {
        try await ready().passes(like: photo, matching: filter, minimumSimilarity: minimumSimilarity)
    }

    func visitors(
        matching filter: PassFilter, threshold: Double
    ) async throws(RecognitionError) -> [Visitor] {
        try await ready().visitors(matching: filter, threshold: threshold)
    }

    func demographics(
        matching filter: PassFilter, per period: Demographics.Period, in zone: TimeZone
    ) async throws(RecognitionError) -> [Demographics] {
        try await ready().demographics(matching: filter, per: period, in: zone)
    }

    func events(
        _ limit: Int, from: Date?, to: Date?, name: String?, camera: String?
    ) async throws(RecognitionError) -> [PlatformEvent] {
        try await ready().events(limit, from: from, to: to, name: name, camera: camera)
    }

    func liveEvents() -> AsyncStream<PlatformEvent> {
        (try? ready())?.liveEvents() ?? AsyncStream { $0.finish() }
    }

    func cameras() async throws(RecognitionError) -> [Camera] { try await ready().cameras() }
}
