/// A part of a list, and how long the whole list is.
public struct ListPage<Element: Sendable>: Sendable {
    /// The elements of the page.
    public let elements: [Element]
    /// How many elements all pages have.
    public let total: Int

    /// A page from its parts.
    public init(elements: [Element], total: Int) {
        self.elements = elements
        self.total = total
    }
}

/// Which part of a list is asked for.
public struct ListWindow: Sendable, Hashable {
    /// How many elements to skip, 0 or more.
    public var offset: Int
    /// How many elements at most, 0 or more.
    public var limit: Int
    /// Whether the last element comes first.
    public var isDescending: Bool
    /// A text that an element must hold, letter case aside; `nil`: all.
    public var search: String?

    /// A window; by default the whole list.
    public init(offset: Int = 0, limit: Int = .max, isDescending: Bool = false, search: String? = nil) {
        self.offset = offset
        self.limit = limit
        self.isDescending = isDescending
        self.search = search
    }
}

/// By what persons are ordered; equal ones by id, those without a value last.
public enum PersonOrder: String, Sendable, Hashable, CaseIterable {
    /// All names in one line.
    case name
    /// The day of birth.
    case dateOfBirth = "date_of_birth"
    /// The gender.
    case gender
    /// The nationality.
    case nationality
    /// The time of the last change.
    case modificationTime = "modified_date"
    /// The time of addition.
    case creationTime = "create_date"
}
