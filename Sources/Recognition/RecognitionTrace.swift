public import FaceModel
import Synchronization

/// What recognition did for one request, for those who want to know why an answer is what it is.
///
/// It is set around a request as a task-local value; where none is set nothing is recorded and nothing is spent.
public final class RecognitionTrace: Sendable {
    /// The trace of the request at hand.
    @TaskLocal public static var current: RecognitionTrace?

    /// How many persons are looked at beyond those that an answer has room for.
    static let nearMisses = 5

    /// How many persons of a face are kept.
    static let mostMatches = 25

    /// Why a person is or is not in the answer.
    public enum Outcome: String, Sendable {
        /// It is.
        case shown
        /// Others are more alike and fill the answer.
        case rankedBelow
        /// The similarity is below a limit.
        case withheld
        /// The face is of too low a quality to be compared.
        case lowQuality
    }

    /// A person that was compared.
    public struct Match: Sendable {
        /// The person.
        public let person: Person
        /// The similarity 0…1.
        public let similarity: Double
        /// What became of it.
        public internal(set) var outcome: Outcome
    }

    /// A face of the probe.
    public struct Face: Sendable {
        /// Where it is; `nil` for templates.
        public let box: BoundingBox?
        /// How well it can be recognised, 0…1; `nil` for templates.
        public let quality: Float?
        /// The persons most alike, best first.
        public internal(set) var matches: [Match]
    }

    private struct State {
        var faces: [Face] = []
        var stages: [(String, Duration)] = []
    }

    private let state = Mutex(State())

    /// A trace of which nothing is known yet.
    public init() {}

    /// The faces of the probe, largest first.
    public var faces: [Face] { state.withLock { $0.faces } }

    /// Where the time went.
    public var stages: [(name: String, duration: Duration)] { state.withLock { $0.stages } }

    /// Tells that the answer leaves out persons below a similarity.
    public func withhold(below similarity: Double) {
        state.withLock { state in
            for face in state.faces.indices {
                for match in state.faces[face].matches.indices
                where state.faces[face].matches[match].similarity < similarity {
                    state.faces[face].matches[match].outcome = .withheld
                }
            }
        }
    }

    func add(_ face: Face) { state.withLock { $0.faces.append(face) } }

    func add(_ stages: KeyValuePairs<String, Duration>) {
        state.withLock { state in state.stages += stages.map { ($0.key, $0.value) } }
    }
}
