import HTTPSupport
import NIOCore

/// What the journal keeps of bodies: short texts as they are, pictures as hash and size, nothing of a secret.
struct JournalledFields: Sendable {
    /// Longer texts of requests are pictures or templates.
    private static let longestText = 512
    /// The longest answer that is kept as it is.
    private static let longestAnswer = 64 << 10

    /// Whether ids are secrets, as those of permanent tokens are.
    private let hidesIDs: Bool

    /// - Parameter path: the request's path.
    init(path: String) {
        hidesIDs = path.split(separator: "/").contains { ["token", "tokens"].contains($0.lowercased()) }
    }

    /// The fields of a request as JSON; a body that is no JSON object as its hash and size.
    func request(_ body: ByteBuffer) -> String {
        var writer = JSONWriter()
        if body.readableBytes == 0 {
            writer.object { _ in }
        } else if let object = try? JSONObject(body) {
            write(object, to: &writer, shortens: true)
        } else {
            writer.summary(of: Array(body.readableBytesView))
        }
        return String(buffer: writer.buffer)
    }

    /// An answer: objects and arrays as they are, what is long or something else as hash and size.
    func answer(_ bytes: [UInt8]) -> String {
        if bytes.isEmpty { return "null" }
        var writer = JSONWriter()
        if let value = Self.value(bytes) {
            write(value, to: &writer, shortens: false)
        } else {
            writer.summary(of: bytes)
        }
        return String(buffer: writer.buffer)
    }

    private static func value(_ bytes: [UInt8]) -> JSONValue? {
        guard bytes.count <= longestAnswer, bytes[0] == UInt8(ascii: "{") || bytes[0] == UInt8(ascii: "[") else {
            return nil
        }
        // The reader takes objects only.
        let wrapped = Array(#"{"":"#.utf8) + bytes + Array("}".utf8)
        return (try? JSONObject(ByteBuffer(bytes: wrapped)))?[""]
    }

    private func write(_ json: JSONObject, to writer: inout JSONWriter, shortens: Bool) {
        writer.object { object in
            for key in json.keys {
                object.key(text: key)
                guard let value = json[key] else {
                    object.null()
                    continue
                }
                if SecretName.isSecret(key) || hidesIDs && key.lowercased() == "id" {
                    object.value("***")
                } else {
                    write(value, to: &object, shortens: shortens, isPicture: key == "image" || key == "fir")
                }
            }
        }
    }

    private func write(
        _ value: JSONValue, to writer: inout JSONWriter, shortens: Bool, isPicture: Bool = false
    ) {
        if let object = value.object { return write(object, to: &writer, shortens: shortens) }
        if let elements = value.elementsWithNulls {
            return writer.array { array in
                for element in elements {
                    if let element {
                        write(element, to: &array, shortens: shortens, isPicture: isPicture)
                    } else {
                        array.null()
                    }
                }
            }
        }
        guard value.isText, let text = value.text else { return writer.raw(json: value.json) }
        guard shortens, !text.isEmpty, isPicture || text.utf8.count > Self.longestText else {
            let shown = LoggedAddress.text(text)
            return shown == text ? writer.raw(json: "\"\(value.json)\"") : writer.value(shown)
        }
        writer.summary(of: value.bytesOfBase64 ?? Array(text.utf8))
    }
}

extension JSONWriter {
    /// Writes bytes as hash and size.
    mutating func summary(of bytes: [UInt8]) {
        object { object in
            object.member("sha256", Digest.text(Digest.sha256(bytes)))
            object.member("size", bytes.count)
        }
    }
}
