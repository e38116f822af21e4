import HTTPSupport

extension JSONObject {
    /// How long a text of a person may be, in bytes: pages of persons hold thousands of them.
    private static let longestText = 16 << 10

    /// A text field of a person; a number or a truth value stands for its text exactly as written.
    ///
    /// - Returns: `nil` when the field is absent.
    /// - Throws: a failure of the method when the field is an object or an array, or too long.
    func personText(_ key: String, for method: Method) throws(MethodFailure) -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.text else {
            throw MethodFailure(method.generalCode, description: "\(key) is no text")
        }
        guard text.utf8.count <= Self.longestText else {
            throw MethodFailure(method.generalCode, description: "\(key) is longer than \(Self.longestText) bytes")
        }
        return text
    }
}
