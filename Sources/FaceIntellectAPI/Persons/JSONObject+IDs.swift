import HTTPSupport

extension JSONObject {
    /// The elements of `id`.
    var idValues: [JSONValue] { listValues("id") }

    /// The elements of a key that is an array or, with some clients, one bare value; an empty text is none.
    func listValues(_ key: String) -> [JSONValue] {
        guard let value = self[key] else { return [] }
        if let elements = value.elements { return elements }
        return value.text == "" ? [] : [value]
    }

    /// The rows that a page asks for: `page` counts from 1, `pageSize` is 1 unless given, as documented.
    var page: (offset: Int, limit: Int) {
        let page = max(1, integer(forKey: "page") ?? 1)
        let size = max(1, integer(forKey: "pageSize") ?? 1)
        let (offset, isTooFar) = (page - 1).multipliedReportingOverflow(by: size)
        return (isTooFar ? .max : offset, size)
    }
}
