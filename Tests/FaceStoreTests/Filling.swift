import FaceModel
import FaceStore
import Foundation
import Postgres

extension Store {
    /// Stores many persons at once, with tiny photos; ten departments, a second apart.
    func fill(persons count: Int, embeddings: Bool) async throws(PostgresError) {
        let dimension = embeddings ? 128 : 1
        try await pool.withConnection { connection throws(PostgresError) in
            try connection.withoutTimeLimits { () throws(PostgresError) in
                try connection.runScript(
                    """
                    CREATE TEMPORARY TABLE seed AS
                        SELECT n, gen_random_uuid() AS person, gen_random_uuid() AS image
                        FROM generate_series(1, \(count)) AS n;
                    INSERT INTO images SELECT image, '\\xFFD8', 'image/jpeg', now() FROM seed;
                    INSERT INTO persons (id, gallery_id, name, surname, department, created_at, image_id)
                        SELECT person, '13814001-1dd2-11b2-b619-5502c27ed19c', 'name ' || n, 'surname ' || n,
                            (n % 10)::text, '2024-01-01'::timestamptz + n * interval '1 s', image FROM seed;
                    INSERT INTO faces (id, person_id, gallery_id, embedding, model_id, quality)
                        SELECT image, person, '13814001-1dd2-11b2-b619-5502c27ed19c',
                            decode(repeat(lpad(to_hex(n), 8, '0'), \(dimension)), 'hex'), 1, 0.5 FROM seed ORDER BY n;
                    DROP TABLE seed
                    """)
                for table in ["persons", "faces", "images"] { try connection.runScript("VACUUM ANALYZE \(table)") }
            }
        }
    }
}
