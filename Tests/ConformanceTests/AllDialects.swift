import TestKit

/// A server that speaks every dialect, the emulator's included.
enum AllDialects {
    /// Enface's permanent token of the first user.
    static let token = "2b0d7f2a-5b1e-11f0-8a39-0242ac120003"
    /// OpenCV's key that may do everything.
    static let key = "a-full-key"

    static func start() async throws -> RunningServer {
        try await RunningServer(arguments: [
            "--emulator", "--enface-email", "first@example.org", "--enface-password", "secret-1", "--enface-token",
            token, "--opencv-keys", "full:\(key)",
        ])
    }
}
