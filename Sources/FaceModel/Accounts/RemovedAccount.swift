/// What went with an account.
public struct RemovedAccount: Sendable, Hashable {
    /// How many lists, the default one not among them.
    public let lists: Int
    /// How many persons of these lists and of the default one.
    public let persons: Int
    /// How many pictures of persons and of searches.
    public let pictures: Int

    /// A summary from its parts.
    public init(lists: Int, persons: Int, pictures: Int) {
        self.lists = lists
        self.persons = persons
        self.pictures = pictures
    }
}
