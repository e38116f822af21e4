import Foundation
public import Logging
import Synchronization

/// Writes each log event as one JSON object on one line of standard error.
///
/// Written by hand as none of the packages that this project can use logs JSON. Keys: `time` (UTC, milliseconds),
/// `level`, `logger`, `message`, then the metadata under its own keys.
public struct JSONLogHandler: LogHandler {
    /// The logger's name.
    public let label: String
    /// The least severe level that is written.
    public var logLevel: Logger.Level
    /// Metadata of every event.
    public var metadata: Logger.Metadata = [:]
    /// Metadata from the task's context.
    public var metadataProvider: Logger.MetadataProvider?

    private static let output = Mutex(FileHandle.standardError)

    /// A handler for one logger.
    public init(label: String, level: Logger.Level = .info, metadataProvider: Logger.MetadataProvider? = nil) {
        self.label = label
        logLevel = level
        self.metadataProvider = metadataProvider
    }

    /// One value of the handler's own metadata.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var facts = metadata
        if let provided = metadataProvider?.get() { facts.merge(provided) { $1 } }
        if let own = event.metadata { facts.merge(own) { $1 } }
        if let error = event.error { facts["error"] = "\(error)" }
        let now = Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        var line = "{\"time\":\"\(now)\",\"level\":\"\(event.level.rawValue)\",\"logger\":"
        line += quoted(label) + ",\"message\":" + quoted(event.message.description)
        for (key, value) in facts.sorted(by: { $0.key < $1.key }) { line += ",\(quoted(key)):\(json(value))" }
        line += "}\n"
        // A full disk or a closed pipe must not bring the server down.
        Self.output.withLock { try? $0.write(contentsOf: Data(line.utf8)) }
    }
}

private func json(_ value: Logger.MetadataValue) -> String {
    switch value {
    case .string(let text): quoted(text)
    case .stringConvertible(let value as any BinaryInteger): "\(value)"
    case .stringConvertible(let value as any BinaryFloatingPoint): "\(value)"
    case .stringConvertible(let value): quoted(value.description)
    case .array(let values): "[" + values.map(json).joined(separator: ",") + "]"
    case .dictionary(let values):
        "{" + values.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(json($0.value))" }.joined(separator: ",")
            + "}"
    }
}

private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case let control where control.value < 0x20:
            let digits = String(control.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
