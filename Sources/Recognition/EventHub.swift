import FaceModel
import Foundation
import Synchronization

/// Hands events to everybody who listens at the moment.
final class EventHub: Sendable {
    /// How many events may wait for a listener; beyond it the listener is let go, so that it notices the gap.
    private static let patience = 1024

    private let listeners = Mutex<[UUID: AsyncStream<PlatformEvent>.Continuation]>([:])

    /// The events from now on.
    func listen() -> AsyncStream<PlatformEvent> {
        let id = UUID()
        let (stream, continuation) = AsyncStream.makeStream(
            of: PlatformEvent.self, bufferingPolicy: .bufferingOldest(Self.patience))
        continuation.onTermination = { [weak self] _ in self?.listeners.withLock { _ = $0.removeValue(forKey: id) } }
        listeners.withLock { $0[id] = continuation }
        return stream
    }

    func publish(_ events: [PlatformEvent]) {
        guard !events.isEmpty else { return }
        for listener in listeners.withLock({ Array($0.values) }) {
            for event in events {
                if case .dropped = listener.yield(event) {
                    listener.finish()
                    break
                }
            }
        }
    }
}
