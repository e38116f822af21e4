/// The name of a copy of the database: 1 to 40 letters, digits, `-` and `_`.
public struct SnapshotName: Sendable, Hashable {
    /// The name as written.
    public let text: String

    /// A name from its text, or `nil` when it has other characters or another length.
    public init?(_ text: String) {
        let isValid = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isValid, 1...40 ~= text.utf8.count else { return nil }
        self.text = text
    }
}
