public import Hummingbird

/// Failures outside of any dialect: `{"error":"…"}`.
public struct PlainFailureShape: FailureShape {
    /// The shape.
    public init() {}

    /// The status with one line of English.
    public func response(to failure: RequestFailure, for request: Request) -> Response {
        var writer = JSONWriter(capacity: 128)
        writer.object { object in
            object.member("error", failure.text)
        }
        return .json(writer, status: failure.status)
    }
}
