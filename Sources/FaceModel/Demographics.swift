public import Foundation

/// How many passes of one age and one gender fell into a period.
public struct Demographics: Sendable, Hashable {
    /// The length of the periods.
    public enum Period: String, Sendable, CaseIterable {
        /// From full hour to full hour.
        case hour
        /// From midnight to midnight.
        case day
        /// Calendar months.
        case month
        /// Calendar years.
        case year
    }

    /// When the period begins.
    public let start: Date
    /// Full years; 0 for undefined.
    public let age: Int
    /// The gender, `nil` for undefined.
    public let gender: Gender?
    /// How many passes.
    public let count: Int

    /// A count from its parts.
    public init(start: Date, age: Int, gender: Gender?, count: Int) {
        self.start = start
        self.age = age
        self.gender = gender
        self.count = count
    }
}
