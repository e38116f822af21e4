import HTTPSupport

extension JSONWriter {
    /// Writes `{"Status":…,"Result":…,"Description":…}`.
    mutating func status(_ status: String, result: String = "", description: String = "") {
        object { object in
            object.key("Status")
            object.value(status)
            object.key("Result")
            object.value(result)
            object.key("Description")
            object.value(description)
        }
    }
}
