extension String {
    /// The text without blanks around it.
    var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    /// Whether the text is one ASCII digit or more and nothing else.
    var isDigits: Bool {
        !isEmpty && utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }

    /// Whether two texts differ in letter case at most.
    func isEqualIgnoringCase(_ other: String) -> Bool { lowercased() == other.lowercased() }
}
