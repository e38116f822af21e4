import FaceModel
import Foundation
import Postgres
import Recognition
import TestKit
import Testing

/// What a use case says when the database refuses a statement.
struct StoreFailureTests {
    private func run(_ sql: String, on database: TestDatabase) async throws {
        try await database.pool.withConnection { connection throws(PostgresError) in try connection.runScript(sql) }
    }

    @Test func `a statement that fails is no outage`() async throws {
        try await withService { service, database in
            try await run("ALTER TABLE persons RENAME TO elsewhere", on: database)
            await #expect(throws: RecognitionError.storeFailed) { try await service.everyone() }
            await #expect(throws: RecognitionError.storeFailed) { try await service.enrol(.biden) }
            try await run("ALTER TABLE elsewhere RENAME TO persons", on: database)
            #expect(try await service.everyone().isEmpty)
        }
    }

    @Test func `an id of somebody else and a gallery that is gone are told apart`() async throws {
        try await withService { service, database in
            let (gallery, gone) = (UUID(), UUID())
            try await run("INSERT INTO galleries VALUES ('\(gallery)', 'other', now())", on: database)
            let obama = try await service.enrol(.obama)
            await #expect(throws: RecognitionError.alreadyExists) {
                try await service.enrol(
                    PersonDraft(key: .id(obama.id), texts: PersonTexts(surname: "S")),
                    face: .photo(Photo.biden.bytes()), in: gallery)
            }
            await #expect(throws: RecognitionError.vanished) {
                try await service.enrol(
                    PersonDraft(texts: PersonTexts(surname: "S")), face: .photo(Photo.biden.bytes()), in: gone)
            }
            await #expect(throws: RecognitionError.vanished) {
                try await service.move(obama.id, from: .sharedGallery, to: gone)
            }
            #expect(try await service.matches(of: .obama2).map(\.person.id) == [obama.id])
        }
    }

    @Test func `a face of an earlier model moves with its person and is joined with nothing`() async throws {
        try await withService { service, database in
            let gallery = UUID()
            let obama = try await service.enrol(.obama)
            // 64 times 0.125 in little-endian bytes, a vector of length one.
            let vector = String(repeating: "0000003e", count: 64)
            try await run(
                """
                INSERT INTO galleries VALUES ('\(gallery)', 'other', now());
                INSERT INTO models (fingerprint, name) VALUES ('\\x0102030405060708', 'earlier');
                UPDATE faces SET embedding = '\\x\(vector)', model_id = (SELECT max(id) FROM models);
                """, on: database)
            try await service.move(obama.id, from: .sharedGallery, to: gallery)
            let probe = try #require(Embedding(normalizing: [Float](repeating: 1, count: service.dimension)))
            await #expect(throws: RecognitionError.invalidTemplate) {
                try await service.fuse([probe], into: obama.id, of: gallery, keepsOld: true)
            }
            #expect(try await service.fuse([probe], into: obama.id, of: gallery, keepsOld: false) == probe)
        }
    }
}
