/// A text that persons are searched for, letter case aside.
public struct PersonSearch: Sendable, Hashable {
    /// Where to look.
    public enum Field: String, Sendable, CaseIterable {
        /// Given name.
        case name
        /// Family name.
        case surname
        /// Middle name.
        case patronymic
        /// Department.
        case department
        /// Comment.
        case comment
    }

    /// The text.
    public var text: String
    /// The field that must equal the text; `nil`: any field that contains it.
    public var field: Field?

    /// A search.
    public init(text: String, field: Field? = nil) {
        self.text = text
        self.field = field
    }
}
