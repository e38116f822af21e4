/// What a value is, by its first character.
enum JSONKind: UInt8, Sendable {
    case string, number, `true`, `false`, null, object, array
}

/// Where a value lies in the body.
struct JSONSlice: Sendable {
    let kind: JSONKind
    /// The bytes of the value; of a string the bytes between the quotes.
    let range: Range<Int>
    /// Whether a string holds a backslash, so that its bytes are not yet its text.
    var hasEscapes = false
}
