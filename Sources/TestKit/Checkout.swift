public import FaceModel
public import Foundation

/// Where things lie in this checkout.
public enum Checkout {
    /// The checkout's top folder.
    public static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The models that `make setup` brings.
    public static var models: URL { root.appending(path: ".deps/models") }

    /// The photos of people that `make setup` brings.
    public static var photos: URL { root.appending(path: ".deps/photos") }

    /// The numbered SQL files.
    public static var migrations: URL { root.appending(path: "migrations") }

    /// The identity of the embedder in the models folder.
    public static func modelFingerprint() throws -> ModelFingerprint {
        struct Manifest: Decodable { let sha256: String }
        struct NoFingerprint: Error {}
        let manifest = try JSONDecoder().decode(
            Manifest.self, from: Data(contentsOf: models.appending(path: "model.json")))
        guard let fingerprint = ModelFingerprint(sha256: manifest.sha256) else { throw NoFingerprint() }
        return fingerprint
    }
}
