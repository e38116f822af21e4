/// Why a body is not the JSON that was expected.
///
/// The description names a place and a rule, never a piece of the body.
public enum JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The grammar of RFC 8259 is broken at this byte, counted from 0.
    case malformed(offset: Int, reason: Reason)
    /// The body is JSON, but something else than an object.
    case notAnObject

    /// Which rule was broken.
    public enum Reason: String, Sendable {
        /// The text ends too early.
        case unexpectedEnd = "the text ends too early"
        /// A character stands where the grammar has no place for it.
        case unexpectedCharacter = "unexpected character"
        /// A number is not written as JSON writes numbers.
        case number = "malformed number"
        /// A backslash is followed by something unknown, or half a surrogate pair is missing.
        case escape = "malformed escape sequence"
        /// A control character stands unescaped in a text.
        case controlCharacter = "unescaped control character"
        /// The bytes are not UTF-8.
        case encoding = "not UTF-8"
        /// Objects and arrays are nested too deeply.
        case depth = "nested too deeply"
        /// An object has too many members.
        case memberCount = "too many keys"
        /// An array has too many elements.
        case elementCount = "too many elements"
    }

    /// One line for people.
    public var description: String {
        switch self {
        case .malformed(let offset, let reason): "The body is not JSON: \(reason.rawValue) at byte \(offset)"
        case .notAnObject: "The body is not a JSON object"
        }
    }
}
