import HTTPSupport
import NIOCore

/// The fields of a request as the journal keeps them: short texts as they are, pictures as hash and size.
enum JournalledFields {
    /// Longer texts are pictures or templates.
    private static let longestText = 512

    /// The fields as JSON; a body that is no JSON object as its hash and size.
    static func json(_ body: ByteBuffer) -> String {
        var writer = JSONWriter()
        if body.readableBytes == 0 {
            writer.object { _ in }
        } else if let object = try? JSONObject(body) {
            writer.fields(of: object)
        } else {
            writer.summary(of: Array(body.readableBytesView))
        }
        return String(buffer: writer.buffer)
    }

    fileprivate static func isLong(_ text: String) -> Bool { text.utf8.count > longestText }
}

extension JSONWriter {
    /// Writes bytes as hash and size.
    mutating func summary(of bytes: [UInt8]) {
        object { object in
            object.member("sha256", Digest.text(Digest.sha256(bytes)))
            object.member("size", bytes.count)
        }
    }

    fileprivate mutating func fields(of json: JSONObject) {
        object { object in
            for key in json.keys {
                guard let value = json[key] else { continue }
                object.key(text: key)
                object.field(value, isPicture: key == "image" || key == "fir")
            }
        }
    }

    private mutating func field(_ value: JSONValue, isPicture: Bool) {
        if let object = value.object { return fields(of: object) }
        if let elements = value.elements {
            return array { array in
                for element in elements { array.field(element, isPicture: isPicture) }
            }
        }
        guard value.isText, let text = value.text else { return raw(json: value.json) }
        guard !text.isEmpty, isPicture || JournalledFields.isLong(text) else { return self.value(text) }
        summary(of: value.bytesOfBase64 ?? Array(text.utf8))
    }
}
