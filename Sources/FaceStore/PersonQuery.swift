public import FaceModel
public import Foundation

/// Which persons of a gallery a list holds, newest first.
public struct PersonQuery: Sendable {
    /// The gallery.
    public var gallery: UUID
    /// Only these persons; unknown keys are left out.
    ///
    /// `nil`: no such condition.
    public var keys: [PersonKey]?
    /// Persons with these platform users' numbers, in addition to `keys`; empty: no such condition.
    public var platformUserIDs: [Int]
    /// Only this department, compared exactly; `nil`: all.
    public var department: String?

    /// A query; without conditions it means everyone of the gallery.
    public init(
        gallery: UUID, keys: [PersonKey]? = nil, platformUserIDs: [Int] = [], department: String? = nil
    ) {
        self.gallery = gallery
        self.keys = keys
        self.platformUserIDs = platformUserIDs
        self.department = department
    }
}

/// One page of a list of persons.
public struct PersonSlice: Sendable {
    /// The persons of the page, newest first.
    public let persons: [Person]
    /// How many persons the query means on all pages.
    public let total: Int
    /// Whether the page is not complete, because its texts are larger than was allowed.
    public var isTooLarge = false
}

/// The keys of a list, by their kinds.
struct SplitKeys: Sendable {
    var ids: [UUID] = []
    var externalIDs: [String] = []

    init(_ keys: [PersonKey]) {
        for key in keys {
            switch key {
            case .id(let id): ids.append(id)
            case .external(let text): externalIDs.append(text)
            }
        }
    }
}
