import FaceModel
import Foundation
import Postgres
import TestKit
import Testing

/// A list of a hundred thousand persons: what a page costs does not depend on where it is.
struct LargeListTests {
    private static let count = 100_000

    @Test(.contract(.neuroVision, .decided)) func `the last page of 100000 persons costs what the first one costs`()
        async throws
    {
        try await withTemporaryPostgres { postgres in
            let first = try await EnfaceClient.own(
                ["--database-url", postgres.connectionString], base: "/neurovision/v1")
            await first.server.stop()
            try await fill(postgres)
            let client = try await EnfaceClient.own(
                ["--database-url", postgres.connectionString], base: "/neurovision/v1")
            var durations: [Duration] = []
            var cursor = ""
            var seen = 0
            repeat {
                let start = ContinuousClock.now
                let page = try await client.post("persons", ["limit": 1000, "cursor": cursor])
                durations.append(ContinuousClock.now - start)
                #expect(page.json["total"] as? Int == Self.count)
                seen += page.list("persons").count
                cursor = try #require(page.json["cursor"] as? String)
            } while !cursor.isEmpty
            #expect(seen == Self.count)
            // The median of ten pages each; a busy machine makes single pages slow.
            let early = durations.prefix(10).sorted()[5]
            let late = durations.suffix(10).sorted()[5]
            #expect(late < early * 3, "\(early) and \(late)")
            #expect(await client.server.stop() == 0)
        }
    }

    /// Adds persons with made-up faces to the shared gallery, all at the same moment.
    private func fill(_ postgres: TemporaryPostgres) async throws {
        let pool = PostgresPool(PostgresConfiguration(postgres.connectionString), size: 1)
        try await pool.withConnection { connection throws(PostgresError) in
            try connection.withoutTimeLimits { () throws(PostgresError) in
                try connection.runScript(
                    """
                    INSERT INTO persons (id, gallery_id, name, created_at, image_id)
                    SELECT gen_random_uuid(), '13814001-1dd2-11b2-b619-5502c27ed19c', 'person ' || number,
                        now() + (number / 1000) * interval '1 second', gen_random_uuid()
                    FROM generate_series(1, \(Self.count)) AS number;
                    INSERT INTO faces (id, person_id, gallery_id, embedding, model_id, quality)
                    SELECT image_id, id, gallery_id,
                        -- A unit vector along one axis: 1.0 as a little-endian float.
                        '\\x0000803f'::bytea || decode(repeat('00', 508), 'hex'), (SELECT min(id) FROM models), 1
                    FROM persons;
                    ANALYZE;
                    """)
            }
        }
        await pool.close()
    }
}
