/// The settings of both OpenCV Face Recognition APIs.
public struct OpenCVConfiguration: Sendable {
    /// Which of them a request means that cannot be told apart.
    public enum Flavour: String, Sendable, Hashable, CaseIterable {
        /// The cloud API.
        case cloud
        /// The self-hosted FR Server.
        case server
    }

    /// Whose `POST /collection` the one at the root is.
    public var root: Flavour
    /// The liveness score of every face as long as there is no network that can tell.
    public var scriptedLiveness: Double
    /// The largest request body in bytes.
    public var maximumBodySize: Int

    /// Settings.
    public init(root: Flavour = .cloud, scriptedLiveness: Double = 0.99, maximumBodySize: Int = 20 << 20) {
        self.root = root
        self.scriptedLiveness = scriptedLiveness
        self.maximumBodySize = maximumBodySize
    }
}
