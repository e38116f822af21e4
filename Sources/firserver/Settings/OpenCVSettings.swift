import Foundation
import OpenCVFaceAPI

/// What can be set of OpenCV Face Recognition.
struct OpenCVSettings: Sendable {
    /// A key that the server knows from its start.
    struct Key: Sendable {
        let name: String
        let secret: String
        let isReadOnly: Bool

        /// `name:secret` or `name:secret:read-only`, several separated by blanks; `nil` for any other text.
        static func list(_ text: String) -> [Key]? {
            var keys: [Key] = []
            for word in text.split(separator: " ") {
                let parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
                guard 2...3 ~= parts.count, !parts[0].isEmpty, !parts[1].isEmpty,
                    parts.count == 2 || parts[2] == "read-only"
                else { return nil }
                keys.append(Key(name: parts[0], secret: parts[1], isReadOnly: parts.count == 3))
            }
            return keys
        }
    }

    let keys: [Key]
    let root: OpenCVConfiguration.Flavour
    let livenessScore: Double
    let livenessManifest: URL?

    init(_ reader: SettingsReader) throws {
        keys = try reader.parsed(
            .openCVKeys, "name:secret or name:secret:read-only, several separated by blanks", Key.list)
        root = try reader.parsed(.openCVRoot, "cloud or server") { OpenCVConfiguration.Flavour(rawValue: $0) }
        livenessScore = try reader.number(.openCVLivenessScore, in: 0...1)
        livenessManifest = try reader.optionalPath(.openCVLivenessManifest)
    }
}

extension Setting {
    static let openCVKeys = Setting(
        key: "opencv.keys", fallback: .text(""),
        help: "keys that the server knows from its start: name:secret or name:secret:read-only, several separated by "
            + "blanks; see firserver keys --help", isSecret: true)
    static let openCVRoot = Setting(
        key: "opencv.root", fallback: .text("cloud"),
        help: "whose POST /collection the one at the root is: cloud or server")
    static let openCVLivenessScore = Setting(
        key: "opencv.livenessScore", fallback: .number(0.99),
        help: "liveness 0…1 of every face as long as no network can tell")
    static let openCVLivenessManifest = Setting(
        key: "opencv.livenessManifest", fallback: .text(""),
        help: "JSON file that describes a liveness network, with the ONNX file beside it")

    /// The settings of OpenCV Face Recognition, in the order of the help text.
    static let openCV = [openCVKeys, openCVRoot, openCVLivenessScore, openCVLivenessManifest]
}
