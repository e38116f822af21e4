import HTTPSupport

extension JSONObject {
    /// The elements of `id`, which is an array or, with some clients, one bare value; an empty text is none.
    var idValues: [JSONValue] {
        guard let value = self["id"] else { return [] }
        if let elements = value.elements { return elements }
        return value.text == "" ? [] : [value]
    }
}
