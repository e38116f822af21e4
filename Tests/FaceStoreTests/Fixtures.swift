import FaceModel
import FaceStore
import Foundation
import Postgres
import TestKit

/// The repositories of a database of a test's own, and rows to put into them.
struct Store: Sendable {
    let pool: PostgresPool
    let persons: PersonRepository
    let images: ImageRepository
    let faces: FaceRepository
    let models: ModelRepository
    let counter: RecognitionCounter
    let model: ModelID

    static func with<R>(_ body: (Store) async throws -> R) async throws -> R {
        try await TestDatabase.with { database in try await body(Store(database.pool)) }
    }

    private init(_ pool: PostgresPool) async throws(PostgresError) {
        self.pool = pool
        persons = PersonRepository(pool)
        images = ImageRepository(pool)
        faces = FaceRepository(pool)
        models = ModelRepository(pool)
        counter = RecognitionCounter(pool)
        model = try await models.register(ModelFingerprint(bytes: Array(1...8)), name: "one")
    }

    /// Stores a person; the time is the `second`-th second of a day.
    @discardableResult
    func put(
        _ key: PersonKey = .id(UUID()), texts: PersonTexts = PersonTexts(), second: Int = 0,
        isPlatformUser: Bool = false, attributes: String? = nil, image: [UInt8] = [0xFF, 0xD8],
        embedding: Embedding = .unit(0)
    ) async throws(PostgresError) -> StoredPerson {
        try await persons.put(
            PersonRecord(
                key: key, texts: texts, createdAt: .second(second), isPlatformUser: isPlatformUser,
                attributes: attributes),
            face: FaceRecord(image: image, mediaType: "image/jpeg", embedding: embedding, model: model, quality: 0.5),
            in: .sharedGallery)
    }

    func count(_ table: String) async throws(PostgresError) -> Int {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT count(*) FROM \(table)").scalar()
        }
    }
}

extension Date {
    static func second(_ number: Int) -> Date { Date(timeIntervalSince1970: 1_700_000_000 + Double(number)) }
}

extension Embedding {
    /// A vector of 128 coordinates, nearly along one axis.
    static func unit(_ axis: Int) -> Embedding {
        var values = [Float](repeating: 0.001, count: 128)
        values[axis % 128] = 1
        guard let embedding = Embedding(normalizing: values) else { preconditionFailure("the vector has a length") }
        return embedding
    }
}
