import HTTPSupport

extension JSONWriter {
    /// Writes `{"Status":…,"Result":…,"Description":…}`.
    mutating func status(_ status: String, result: String = "", description: String = "") {
        object { object in
            object.member("Status", status)
            object.member("Result", result)
            object.member("Description", description)
        }
    }
}
