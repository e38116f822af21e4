import FaceModel
public import HTTPSupport
import HTTPTypes
import NIOCore
import Recognition

extension FaceIntellectAPI {
    /// How many events may wait for a slow client; beyond it the client is let go, so that it notices the gap.
    private static let patience = 1024
    /// How long a client may go on listening whose account is gone or has another password.
    private static let checkInterval = Duration.seconds(5)

    /// `secure/ws/events`: every event as one text frame, as it is raised.
    public var liveEvents: WebSocketRoute {
        WebSocketRoute { [self] request, address in
            let path = request.path.map { String($0.prefix { $0 != "?" }) } ?? ""
            guard PlatformPath(path) == .liveEvents else { return .pass }
            do throws(RequestFailure) {
                try await authentication?.admit(request.headerFields, for: .reading, from: address)
            } catch .unauthorized(let challenge) {
                return .refuse(.unauthorized, [.wwwAuthenticate: challenge])
            } catch {
                return .refuse(error.status, error == .notReady ? [.retryAfter: "1"] : [:])
            }
            return service.isReady ? .upgrade : .refuse(.serviceUnavailable, [.retryAfter: "1"])
        } messages: { [service, configuration, authentication] request in
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
            let watch = Task {
                guard let authentication else { return }
                while await authentication.stillAdmits(request.headerFields) {
                    guard (try? await Task.sleep(for: Self.checkInterval)) != nil else { return }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in
                relay.cancel()
                watch.cancel()
            }
            return texts
        }
    }
}

extension BasicAuthentication {
    /// Whether credentials that were good are good still; they are as long as nobody can tell.
    fileprivate func stillAdmits(_ headers: HTTPFields) async -> Bool {
        do throws(RequestFailure) {
            try await admit(headers, for: .reading, from: nil)
            return true
        } catch {
            return error == .notReady || error == .overloaded
        }
    }
}
