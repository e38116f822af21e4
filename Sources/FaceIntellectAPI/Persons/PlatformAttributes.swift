import HTTPSupport
import NIOCore
import Recognition

/// Further columns of the platform's user record, as a request carries them.
///
/// `additionalParams` (8.0 and later) is an object; `intellect_params` (7.4) is one text `key<value>,key<value>`.
/// A request with both means the newer one.
package enum PlatformAttributes {
    /// The columns as one JSON object, or `nil` when the request has none.
    ///
    /// - Throws: ``RecognitionError/invalidText`` for a NUL, which the database cannot store.
    static func json(of request: JSONObject) throws(RecognitionError) -> String? {
        if let value = request["additionalParams"], value.object != nil {
            guard !value.containsNUL else { throw .invalidText }
            return value.json
        }
        guard let text = request.text(forKey: "intellect_params"), !text.isEmpty else { return nil }
        guard !text.utf8.contains(0) else { throw .invalidText }
        return object(from: text)
    }

    /// The JSON object that a text of the older form means; pieces of another form are left out.
    package static func object(from text: String) -> String? {
        var columns: [(key: String, value: String)] = []
        var rest = text[...]
        while let opening = rest.firstIndex(of: "<"), let closing = rest[opening...].firstIndex(of: ">") {
            let key = String(rest[..<opening].drop { $0 == "," || $0 == " " })
            if !key.isEmpty { columns.append((key, String(rest[rest.index(after: opening)..<closing]))) }
            rest = rest[rest.index(after: closing)...]
        }
        guard !columns.isEmpty else { return nil }
        var writer = JSONWriter(capacity: text.utf8.count * 2)
        writer.object { object in
            for (key, value) in columns {
                object.key(text: key)
                object.value(value)
            }
        }
        return String(buffer: writer.buffer)
    }
}
