public import Foundation

/// Where pictures come from: a camera, a terminal. It says what is computed and whether strangers are enrolled.
public struct Source: Sendable, Hashable {
    /// What a source asks for.
    public struct Settings: Sendable, Hashable, Codable {
        /// From which score on a face is a known person, as the client wrote it; `nil`: not said.
        public var threshold: String?
        /// The smallest side of a face that is enrolled, in pixels.
        public var minimumSide: Double
        /// The largest turn to the side of a face that is enrolled, in degrees.
        public var maximumYaw: Double
        /// The largest nod of a face that is enrolled, in degrees; `nil`: any.
        public var maximumPitch: Double?
        /// The lists that strangers are added to.
        public var listsToAdd: [UUID]
        /// The features that are estimated.
        public var features: [String]
        /// Where faces are searched, in the place of the group's lists; `nil`: as the group says.
        public var searchedLists: [SearchedList]?

        /// Settings from their parts.
        public init(
            threshold: String? = nil, minimumSide: Double, maximumYaw: Double, maximumPitch: Double? = nil,
            listsToAdd: [UUID] = [], features: [String] = [], searchedLists: [SearchedList]? = nil
        ) {
            self.threshold = threshold
            self.minimumSide = minimumSide
            self.maximumYaw = maximumYaw
            self.maximumPitch = maximumPitch
            self.listsToAdd = listsToAdd
            self.features = features
            self.searchedLists = searchedLists
        }
    }

    /// What the account calls it.
    public var id: UUID
    /// The group that it belongs to.
    public var group: UUID
    /// Its name; several sources may have the same.
    public var name: String
    /// What it asks for.
    public var settings: Settings
    /// When it was made.
    public var createdAt: Date

    /// A source from its parts.
    public init(id: UUID, group: UUID, name: String, settings: Settings, createdAt: Date) {
        self.id = id
        self.group = group
        self.name = name
        self.settings = settings
        self.createdAt = createdAt
    }
}
