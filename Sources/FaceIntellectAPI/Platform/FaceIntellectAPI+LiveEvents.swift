import FaceModel
public import HTTPSupport
import HTTPTypes
import NIOCore
import Recognition

extension FaceIntellectAPI {
    /// How many events may wait for a slow client; beyond it the client is let go, so that it notices the gap.
    private static let patience = 1024

    /// `secure/ws/events`: every event as one text frame, as it is raised.
    public var liveEvents: WebSocketRoute {
        WebSocketRoute { [self] request in
            let path = request.path.map { String($0.prefix { $0 != "?" }) } ?? ""
            guard PlatformPath(path) == .liveEvents else { return .pass }
            do throws(RequestFailure) {
                try await authentication?.admit(request.headerFields)
            } catch .unauthorized(let challenge) {
                return .refuse(.unauthorized, [.wwwAuthenticate: challenge])
            } catch {
                return .refuse(error.status, [.retryAfter: "1"])
            }
            return service.isReady ? .upgrade : .refuse(.serviceUnavailable, [.retryAfter: "1"])
        } messages: { [service, configuration] _ in
            let (texts, continuation) = AsyncStream.makeStream(
                of: String.self, bufferingPolicy: .bufferingOldest(Self.patience))
            // Before the client is told that it listens, so that it misses nothing.
            let events = service.liveEvents()
            let relay = Task {
                for await event in events {
                    var writer = JSONWriter()
                    writer.platformEvent(event, serverID: configuration.serverID)
                    if case .dropped = continuation.yield(String(buffer: writer.buffer)) { break }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in relay.cancel() }
            return texts
        }
    }
}
