import FaceModel
import HTTPSupport

extension PersonKey {
    /// The longest id of digits; a database key must not grow without limit.
    private static let longestNumber = 64

    /// The key that a text writes: a GUID in either case, with or without braces, or digits only, the "natural number"
    /// of the 7.x documentation, which is kept as it is.
    ///
    /// - Returns: `nil` for any other text.
    init?(text: String) {
        if let id = GUID.parse(text) {
            self = .id(id)
        } else if text.isDigits, text.utf8.count <= Self.longestNumber {
            self = .external(text)
        } else {
            return nil
        }
    }
}

extension Person {
    /// The id as clients see it.
    var publicID: String { externalID ?? GUID.text(id) }
}
