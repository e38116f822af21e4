public import Foundation

/// Something that the face server tells the platform.
public struct PlatformEvent: Sendable, Hashable, Identifiable {
    /// What happened, by the platform's names.
    public enum Name: String, Sendable, CaseIterable {
        /// A captured face was recognised.
        case findPerson = "FIND_PERSON"
        /// A captured face is nobody of the database.
        case personNotFound = "PERSON_NOT_FOUND"
        /// Access control may let the recognised person in.
        case identifyAccept = "IDENTIFY_ACCEPT"
        /// Access control must not let the stranger in.
        case identifyDecline = "IDENTIFY_DECLINE"
    }

    /// The event's own id.
    public let id: UUID
    /// What happened.
    public var name: Name
    /// When; whole milliseconds.
    public var raisedAt: Date
    /// The camera that saw it.
    public var cameraID: String
    /// The camera's name.
    public var cameraName: String
    /// Further facts by the platform's parameter names.
    public var parameters: [String: String]

    /// An event from its parts.
    public init(
        id: UUID, name: Name, raisedAt: Date, cameraID: String, cameraName: String, parameters: [String: String]
    ) {
        self.id = id
        self.name = name
        self.raisedAt = raisedAt
        self.cameraID = cameraID
        self.cameraName = cameraName
        self.parameters = parameters
    }
}
