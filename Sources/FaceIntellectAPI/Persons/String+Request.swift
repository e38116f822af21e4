extension String {
    /// Whether the text is one ASCII digit or more and nothing else.
    var isDigits: Bool {
        !isEmpty && utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }

    /// Whether two texts differ in letter case at most.
    func isEqualIgnoringCase(_ other: String) -> Bool { lowercased() == other.lowercased() }
}
