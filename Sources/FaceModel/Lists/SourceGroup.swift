public import Foundation

/// A list that is searched, with what is said when somebody is found there or not.
public struct SearchedList: Sendable, Hashable, Codable {
    /// What the account calls the list.
    public var id: UUID
    /// The alert for a person of the list.
    public var onFound: String
    /// The alert for anybody else.
    public var onFailed: String

    /// A searched list from its parts.
    public init(id: UUID, onFound: String, onFailed: String) {
        self.id = id
        self.onFound = onFound
        self.onFailed = onFailed
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case onFound = "on_found"
        case onFailed = "on_failed"
    }
}

/// Sources that search the same lists.
public struct SourceGroup: Sendable, Hashable {
    /// What the account calls it.
    public var id: UUID
    /// Its name.
    public var name: String
    /// Where faces are searched.
    public var searchedLists: [SearchedList]
    /// When it was made.
    public var createdAt: Date

    /// A group from its parts.
    public init(id: UUID, name: String, searchedLists: [SearchedList], createdAt: Date) {
        self.id = id
        self.name = name
        self.searchedLists = searchedLists
        self.createdAt = createdAt
    }
}
