public import FaceModel
public import Postgres

/// The number of a model in this database.
public struct ModelID: Sendable, Hashable {
    let number: Int32
}

/// The models that made the stored embeddings.
public struct ModelRepository: Sendable {
    private let pool: PostgresPool

    /// The models of a database.
    public init(_ pool: PostgresPool) {
        self.pool = pool
    }

    /// The number of a model, which is added when it is new.
    public func register(_ fingerprint: ModelFingerprint, name: String) async throws(PostgresError) -> ModelID {
        try await pool.transaction { connection throws(PostgresError) in
            try connection.execute(
                "INSERT INTO models (fingerprint, name) VALUES ($1, $2) ON CONFLICT (fingerprint) DO NOTHING",
                fingerprint.bytes, name)
            return ModelID(
                number: try connection.query("SELECT id FROM models WHERE fingerprint = $1", fingerprint.bytes).scalar()
            )
        }
    }

    /// All models that were ever registered.
    public func all() async throws(PostgresError) -> [ModelID: ModelFingerprint] {
        try await pool.read { connection throws(PostgresError) in
            let rows = try connection.query("SELECT id, fingerprint FROM models").map { row throws(PostgresError) in
                (ModelID(number: try row.decode(0)), ModelFingerprint(bytes: try row.decode(1)))
            }
            return Dictionary(uniqueKeysWithValues: rows)
        }
    }
}
