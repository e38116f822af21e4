import FaceAnalysis
import FaceModel
import Foundation
import Postgres
import Recognition
import TestKit
import Testing

/// One analyser serves all suites: compiling the networks takes longer than most tests.
let sharedAnalyzer = Result { () throws in try FaceAnalyzer(.init(modelsFolder: Checkout.models)) }

/// Runs `body` with the real service over a database of its own.
func withService(
    _ adjust: (inout RecognitionService.Configuration) -> Void = { _ in },
    _ body: (RecognitionService, TestDatabase) async throws -> Void
) async throws {
    var configuration = RecognitionService.Configuration()
    adjust(&configuration)
    try await TestDatabase.with { database in
        let service = RecognitionService(
            analyzer: try sharedAnalyzer.get(), pool: database.pool, configuration: configuration)
        try await service.load()
        defer { service.stop() }
        try await body(service, database)
    }
}

extension FaceService {
    @discardableResult
    func enrol(
        _ photo: Photo, surname: String = "Rojas", key: PersonKey? = nil
    ) async throws -> Person {
        try await enrol(
            PersonDraft(key: key, texts: PersonTexts(surname: surname)), face: .photo(photo.bytes()), in: .sharedGallery
        )
    }

    /// The matches of the largest face.
    func matches(of photo: Photo, limit: Int = 5, counting: Bool = false) async throws -> [Candidate] {
        let found = try await identify(.photo(photo.bytes()), in: .sharedGallery, limit: limit, counting: counting)
        return try #require(found.faces.first).candidates
    }

    func everyone() async throws -> [Person] {
        try await persons(in: .sharedGallery, matching: PersonFilter(), offset: 0, limit: 10_000).persons
    }
}
