import HTTPTypes

extension HTTPFields {
    /// Whether the headers ask for another protocol on this connection, whichever it is (RFC 9110, section 7.8).
    var askForUpgrade: Bool { self[.upgrade] != nil && lists("upgrade", in: .connection) }

    /// Whether a comma-separated list holds a token, in any case.
    func lists(_ token: String, in name: HTTPField.Name) -> Bool {
        self[name]?.split(separator: ",").contains { $0.lowercased().trimmingBlanks() == token } ?? false
    }
}
