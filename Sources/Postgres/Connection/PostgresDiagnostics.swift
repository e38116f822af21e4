/// What the server said about a failed statement, without any data of the statement.
public struct PostgresDiagnostics: Sendable, Hashable {
    /// The name of the constraint that was broken, if one was.
    public let constraint: String?
    /// The server's primary message; `nil` for classes of conditions whose messages quote values.
    public let message: String?

    /// Diagnostics from their parts.
    public init(constraint: String? = nil, message: String? = nil) {
        self.constraint = constraint
        self.message = message
    }
}
