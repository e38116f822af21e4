import FaceModel
import Foundation
import HTTPSupport

/// Reads the members of a JSON object strictly and collects what is wrong with them.
///
/// A reader returns something in any case; ``finish()`` throws before anybody can use what was made up. A member that
/// is `null` counts as absent.
struct FieldReader {
    let object: JSONObject
    private let place: [FieldFault.Step]
    private(set) var faults: [FieldFault] = []
    private let keys: Set<String>

    init(_ object: JSONObject, at place: [FieldFault.Step]) {
        self.object = object
        self.place = place
        keys = Set(object.keys)
    }

    /// - Throws: ``InvalidInput`` when anything was wrong.
    func finish() throws(InvalidInput) {
        guard faults.isEmpty else { throw InvalidInput(faults) }
    }

    /// Whether a member is there, be it `null`.
    func has(_ key: String) -> Bool { keys.contains(key) }

    mutating func fail(_ key: String, _ rule: FieldFault.Rule) {
        faults.append(FieldFault(at: place + [.key(key)], rule))
    }

    private mutating func fail(_ key: String, _ index: Int, _ rule: FieldFault.Rule) {
        faults.append(FieldFault(at: place + [.key(key), .index(index)], rule))
    }

    mutating func take(_ other: FieldReader) { faults += other.faults }

    // MARK: Texts

    mutating func text(_ key: String, _ length: ClosedRange<Int>) -> String? {
        guard let value = object[key] else { return nil }
        guard value.isText, let text = value.text else {
            fail(key, .text)
            return nil
        }
        let count = text.unicodeScalars.count
        if count < length.lowerBound { fail(key, .tooShort(length.lowerBound)) }
        if count > length.upperBound { fail(key, .tooLong(length.upperBound)) }
        if text.utf8.contains(0) { fail(key, .nul) }
        return text
    }

    mutating func requiredText(_ key: String, _ length: ClosedRange<Int>) -> String {
        require(key)
        return text(key, length) ?? ""
    }

    /// A text that is taken away by `null`.
    mutating func clearableText(_ key: String, _ length: ClosedRange<Int>) -> String?? {
        has(key) ? .some(text(key, length)) : nil
    }

    /// The texts of a list, each of them once.
    mutating func texts(_ key: String, _ count: ClosedRange<Int>, length: ClosedRange<Int>) -> [String]? {
        guard let values = list(key, count) else { return nil }
        var texts: [String] = []
        var known: Set<String> = []
        for (index, value) in values.enumerated() {
            guard let value, value.isText, let text = value.text, !text.utf8.contains(0) else {
                fail(key, index, .text)
                continue
            }
            let size = text.unicodeScalars.count
            if size < length.lowerBound { fail(key, index, .tooShort(length.lowerBound)) }
            if size > length.upperBound { fail(key, index, .tooLong(length.upperBound)) }
            if known.insert(text).inserted { texts.append(text) }
        }
        return texts
    }

    /// A day, `YYYY-MM-DD`.
    mutating func date(_ key: String) -> String? {
        guard let text = text(key, 0...64) else { return nil }
        guard text.utf8.count == 10, Timestamp.parse("\(text)T00:00:00") != nil else {
            fail(key, .date)
            return nil
        }
        return text
    }

    // MARK: Choices

    mutating func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ key: String, of type: Value.Type = Value.self
    ) -> Value? {
        guard let value = object[key] else { return nil }
        guard value.isText, let choice = value.text.flatMap(Value.init(rawValue:)) else {
            fail(key, .choice(Value.allCases.map(\.rawValue)))
            return nil
        }
        return choice
    }

    mutating func flag(_ key: String) -> Bool? {
        guard let value = object[key] else { return nil }
        guard value.isFlag else {
            fail(key, .flag)
            return nil
        }
        return value.bool
    }

    // MARK: Numbers

    mutating func integer(_ key: String, _ range: ClosedRange<Int>) -> Int? {
        guard let value = object[key] else { return nil }
        guard !value.isFlag, let number = value.integer else {
            fail(key, .integer)
            return nil
        }
        if number < range.lowerBound { fail(key, .below(Double(range.lowerBound))) }
        if number > range.upperBound { fail(key, .above(Double(range.upperBound))) }
        return number
    }

    /// A number or a text of one, 0…1.
    mutating func score(_ key: String) -> Double? {
        guard let value = object[key] else { return nil }
        guard let number = value.number else {
            fail(key, .number)
            return nil
        }
        if number < 0 { fail(key, .below(0)) }
        if number > 1 { fail(key, .above(1)) }
        return number
    }

    // MARK: Pictures

    mutating func picture(_ key: String) -> EncodedText {
        require(key)
        guard let value = object[key] else { return EncodedText(value: nil) }
        if !value.isText { fail(key, .text) }
        return EncodedText(value: value)
    }

    mutating func pictures(_ key: String, _ count: ClosedRange<Int>) -> [EncodedText]? {
        guard let values = list(key, count) else { return nil }
        return values.enumerated().map { index, value in
            if value?.isText != true { fail(key, index, .text) }
            return EncodedText(value: value)
        }
    }

    mutating func requiredPictures(_ key: String, _ count: ClosedRange<Int>) -> [EncodedText] {
        require(key)
        return pictures(key, count) ?? []
    }

    // MARK: Nested values

    mutating func list(_ key: String, _ count: ClosedRange<Int>) -> [JSONValue?]? {
        guard let value = object[key] else { return nil }
        guard let values = value.elementsWithNulls else {
            fail(key, .list)
            return nil
        }
        if values.count < count.lowerBound { fail(key, .tooFew(count.lowerBound)) }
        if values.count > count.upperBound { fail(key, .tooMany(count.upperBound)) }
        return values
    }

    /// The reader of an object inside of this one.
    mutating func nested(_ key: String) -> FieldReader? {
        guard let value = object[key] else { return nil }
        guard let object = value.object else {
            fail(key, .object)
            return nil
        }
        return FieldReader(object, at: place + [.key(key)])
    }

    mutating func require(_ key: String) {
        if object[key] == nil { fail(key, .missing) }
    }
}

/// A picture in base64 that was not decoded yet: what is wrong with its content is no matter of the fields.
struct EncodedText: Sendable {
    fileprivate let value: JSONValue?

    /// The picture's bytes; `nil` when the text is no base64.
    var bytes: [UInt8]? {
        guard let bytes = value?.bytesOfBase64, !bytes.isEmpty else { return nil }
        return bytes
    }
}
