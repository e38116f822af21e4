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

    /// The years 1 to 9999: what a calendar of four digits can show.
    private static let calendar = -62_135_596_800.0...253_402_300_799.999

    /// What time it is, in the years 1 to 9999 however far the clock was moved.
    public func now() -> Date {
        switch mode {
        case .system: .now
        case .offset(let seconds): Self.shown(Date.now.addingTimeInterval(seconds))
        case .fixed(let date): Self.shown(date)
        }
    }

    private static func shown(_ date: Date) -> Date {
        let seconds = date.timeIntervalSince1970
        return Date(timeIntervalSince1970: min(calendar.upperBound, max(calendar.lowerBound, seconds)))
    }

    /// Moves the time by so many seconds, forward or back.
    public func advance(by seconds: TimeInterval) {
        state.withLock { mode in
            switch mode {
            case .system: mode = .offset(seconds)
            case .offset(let old): mode = .offset(old + seconds)
            case .fixed(let date): mode = .fixed(Self.shown(date.addingTimeInterval(seconds)))
            }
        }
    }
}
