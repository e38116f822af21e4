import Foundation
import HTTPSupport
import NIOCore

/// One value of a request: a member of a JSON body, or the parts of a form or a query with one name.
enum Field: Sendable {
    case json(JSONValue)
    case texts([String])

    /// The value as text; a JSON value has to be written as a string.
    func text() throws(EnfaceFailure) -> String {
        switch self {
        case .json(let value):
            guard value.isText, let text = value.text else { throw .invalidSchema }
            return text
        case .texts(let texts):
            guard texts.count == 1 else { throw .invalidSchema }
            return texts[0]
        }
    }

    /// The value as text, or a number as it is written.
    func textOrNumber() throws(EnfaceFailure) -> String {
        if case .json(let value) = self, value.isNumber, let text = value.text { return text }
        return try text()
    }

    /// Yes or no: `true` or `false`, in a form in any case.
    func bool() throws(EnfaceFailure) -> Bool {
        switch self {
        case .json(let value):
            switch (value.isText, value.text?.lowercased()) {
            case (_, "true"): return true
            case (_, "false"): return false
            default: throw .invalidSchema
            }
        case .texts:
            switch try text().lowercased() {
            case "true": return true
            case "false": return false
            default: throw .invalidSchema
            }
        }
    }

    /// A finite number, or a text of one.
    func number() throws(EnfaceFailure) -> Double {
        guard let number = Double(try textOrNumber().trimmingBlanks()), number.isFinite else { throw .invalidSchema }
        return number
    }

    /// An angle in degrees, −180…180.
    func angle() throws(EnfaceFailure) -> Double {
        let angle = try number()
        guard -180...180 ~= angle else { throw .invalidSchema }
        return angle
    }

    /// A whole number, or a text of one.
    func integer() throws(EnfaceFailure) -> Int {
        guard let integer = Int(exactly: try number()) else { throw .invalidSchema }
        return integer
    }

    /// An id.
    func id() throws(EnfaceFailure) -> UUID { try Self.id(text()) }

    /// One id or several.
    func ids() throws(EnfaceFailure) -> [UUID] {
        var ids: [UUID] = []
        for text in try texts(splitsAtCommas: true) { ids.append(try Self.id(text)) }
        return ids
    }

    /// One text or several.
    ///
    /// A form may repeat the part or hold a JSON array in one part.
    ///
    /// - Parameter splitsAtCommas: whether commas separate texts, too.
    func texts(splitsAtCommas: Bool = false) throws(EnfaceFailure) -> [String] {
        switch self {
        case .json(let value):
            if let elements = value.elements { return try Self.texts(of: elements) }
            return try Self.split(text(), splitsAtCommas)
        case .texts(let texts):
            guard texts.count == 1 else { return texts }
            if let array = Self.array(texts[0]) { return try Self.texts(of: array) }
            return try Self.split(texts[0], splitsAtCommas)
        }
    }

    /// The elements of a JSON array, in a JSON body or as the text of a part.
    var elements: [JSONValue]? {
        switch self {
        case .json(let value): value.elements ?? value.text.flatMap(Self.array)
        case .texts(let texts): texts.count == 1 ? Self.array(texts[0]) : nil
        }
    }

    private static func texts(of elements: [JSONValue]) throws(EnfaceFailure) -> [String] {
        var texts: [String] = []
        for element in elements {
            guard element.isText, let text = element.text else { throw .invalidSchema }
            texts.append(text)
        }
        return texts
    }

    private static func array(_ text: String) -> [JSONValue]? {
        guard text.trimmingBlanks().utf8.first == UInt8(ascii: "[") else { return nil }
        return try? JSONObject(ByteBuffer(string: "{\"a\":\(text)}"))["a"]?.elements
    }

    private static func split(_ text: String, _ splitsAtCommas: Bool) throws(EnfaceFailure) -> [String] {
        guard splitsAtCommas else { return [text] }
        let most = EnfaceCall.mostParts
        let texts = text.split(separator: ",", maxSplits: most, omittingEmptySubsequences: false)
        guard texts.count <= most else { throw .invalidSchema }
        return texts.map { String(String($0).trimmingBlanks()) }
    }

    private static func id(_ text: String) throws(EnfaceFailure) -> UUID {
        guard text.utf8.count == 36, let id = UUID(uuidString: text) else { throw .invalidSchema }
        return id
    }
}
