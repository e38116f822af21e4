import HTTPSupport

extension JSONObject {
    /// A text field of a person; a number or a truth value stands for its text exactly as written.
    ///
    /// - Returns: `nil` when the field is absent.
    /// - Throws: a failure of the method when the field is an object or an array.
    func personText(_ key: String, for method: Method) throws(MethodFailure) -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.text else {
            throw MethodFailure(method.generalCode, description: "\(key) is no text")
        }
        return text
    }
}
