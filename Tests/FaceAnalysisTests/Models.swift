import Foundation
import TestKit
import Testing

/// Lends a models folder with another manifest.
func withModels(
    _ change: (inout [String: Any]) -> Void, body: (URL) async throws -> Void
) async throws {
    let folder = URL.temporaryDirectory.appending(path: "models-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for file in try FileManager.default.contentsOfDirectory(atPath: Checkout.models.path)
    where file != "model.json" {
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: file), withDestinationURL: Checkout.models.appending(path: file))
    }
    let original = try Data(contentsOf: Checkout.models.appending(path: "model.json"))
    var manifest = try #require(try JSONSerialization.jsonObject(with: original) as? [String: Any])
    change(&manifest)
    try JSONSerialization.data(withJSONObject: manifest).write(to: folder.appending(path: "model.json"))
    try await body(folder)
}
