/// A path of which some segments stand for parameters: `person/{id}`.
public struct PathPattern: Sendable, Hashable {
    private let segments: [String]

    /// A pattern from its text; `{name}` stands for any segment.
    public init(_ text: String) { segments = text.split(separator: "/").map(String.init) }

    /// The segments that stand for parameters, or `nil` when the path is another one.
    public func parameters(of path: [String]) -> [String: String]? {
        guard segments.count == path.count else { return nil }
        var parameters: [String: String] = [:]
        for (expected, segment) in zip(segments, path) {
            if expected.hasPrefix("{") {
                parameters[String(expected.dropFirst().dropLast())] = segment
            } else if expected != segment {
                return nil
            }
        }
        return parameters
    }
}
