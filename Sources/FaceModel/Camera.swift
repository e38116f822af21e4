/// A source of frames.
public struct Camera: Sendable, Hashable, Identifiable {
    /// As clients name it: the number of a camera object or a GUID.
    public let id: String
    /// The name that people read.
    public var name: String

    /// A camera from its parts.
    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}
