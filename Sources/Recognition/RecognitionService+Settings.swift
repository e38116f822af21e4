public import FaceModel
import FaceStore
import Foundation
import Logging
import Postgres
import Synchronization

extension RecognitionService {
    private static let settingsGroup = "recognition"

    /// See ``RecognitionControl/settings``.
    public var settings: RecognitionSettings { currentSettings.withLock { $0 } }

    /// See ``RecognitionControl/change(_:)``.
    public func change(
        _ changes: [(name: String, value: RecognitionSettings.Value)]
    ) async throws(RecognitionError) -> RecognitionSettings {
        _ = try requireReady()
        return try await shielded { [self] () async throws(RecognitionError) in
            // One after the other, and not while everything is replaced.
            try await gate.withAccess(to: .everyone) { () async throws(RecognitionError) in
                var changed = settings
                for (name, value) in changes { try? changed.set(name, to: value) }
                let json = changed.json
                try await storing { () throws(PostgresError) in try await store.settings.put(Self.settingsGroup, json) }
                let inForce = changed
                currentSettings.withLock { $0 = inForce }
                return inForce
            }
        }
    }

    /// Takes over what was changed in an earlier life; what was never changed is as the server was started.
    func loadSettings() async throws(PostgresError) {
        var settings = configuration.settings
        if let json = try await store.settings.find(Self.settingsGroup) {
            for (name, value) in RecognitionSettings.values(fromJSON: json) {
                do throws(RecognitionSettings.Refusal) {
                    try settings.set(name, to: value)
                } catch {
                    logger.warning("a stored setting is passed over", metadata: ["reason": "\(error)"])
                }
            }
        }
        currentSettings.withLock { $0 = settings }
    }
}

extension RecognitionSettings {
    /// All settings as one JSON object.
    fileprivate var json: String {
        let object = Dictionary(
            uniqueKeysWithValues: values.map { name, value -> (String, Any) in
                switch value {
                case .integer(let value): (name, value)
                case .number(let value): (name, value)
                case .flag(let value): (name, value)
                case .text(let value): (name, value)
                }
            })
        let data = (try? JSONSerialization.data(withJSONObject: object, options: .sortedKeys)) ?? Data("{}".utf8)
        return String(decoding: data, as: UTF8.self)
    }

    fileprivate static func values(fromJSON json: String) -> [String: Value] {
        let object = try? JSONDecoder().decode([String: AnyValue].self, from: Data(json.utf8))
        return (object ?? [:]).mapValues(\.value)
    }

    private struct AnyValue: Decodable {
        let value: Value

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let flag = try? container.decode(Bool.self) {
                value = .flag(flag)
            } else if let integer = try? container.decode(Int.self) {
                value = .integer(integer)
            } else if let number = try? container.decode(Double.self) {
                value = .number(number)
            } else {
                value = .text(try container.decode(String.self))
            }
        }
    }
}
