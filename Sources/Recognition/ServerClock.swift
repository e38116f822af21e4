public import Foundation
import Synchronization

/// What time the server believes it is: the machine's, unless a test says otherwise.
public final class ServerClock: Sendable {
    /// How the time is told.
    public enum Mode: Sendable, Hashable {
        /// The machine's time.
        case system
        /// The machine's time and so many seconds more.
        case offset(TimeInterval)
        /// Always the same moment, until it is moved.
        case fixed(Date)
    }

    private let state: Mutex<Mode>

    /// A clock; by default it tells the machine's time.
    public init(_ mode: Mode = .system) { state = Mutex(mode) }

    /// How the time is told at present.
    public var mode: Mode {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    /// What time it is.
    public func now() -> Date {
        switch mode {
        case .system: .now
        case .offset(let seconds): Date.now.addingTimeInterval(seconds)
        case .fixed(let date): date
        }
    }

    /// Moves the time by so many seconds, forward or back.
    public func advance(by seconds: TimeInterval) {
        state.withLock { mode in
            switch mode {
            case .system: mode = .offset(seconds)
            case .offset(let old): mode = .offset(old + seconds)
            case .fixed(let date): mode = .fixed(date.addingTimeInterval(seconds))
            }
        }
    }
}
