import FaceStore
public import Postgres

/// Keys that the server makes for itself and keeps in the database.
public enum ServerSecret {
    /// The key with a name, 32 bytes of chance made at the first call.
    public static func key(named name: String, in pool: PostgresPool) async throws(PostgresError) -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        let fresh = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        return try await SecretRepository(pool).value(name, orElse: fresh)
    }
}
