import HTTPSupport
import HTTPTypes
import Hummingbird

/// One call of the emulator: where it is, what it does, how it looks.
struct Endpoint: Sendable {
    let verb: HTTPRequest.Method
    /// The path below `/emulator`; `{name}` stands for any segment.
    let path: String
    /// One line for people.
    let purpose: String
    /// A query or a body that works.
    var example = ""
    let answer: @Sendable (EmulatorCall) async throws -> Response

    /// The segments that stand for parameters, or `nil` when the path is another one.
    func parameters(of segments: [String]) -> [String: String]? { PathPattern(path).parameters(of: segments) }
}
