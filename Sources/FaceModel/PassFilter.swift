public import Foundation

/// Which passes of the recognition log are meant; without conditions all.
public struct PassFilter: Sendable, Hashable {
    /// Captured at this moment or later.
    public var from: Date?
    /// Captured at this moment or earlier.
    public var to: Date?
    /// Only these cameras, letter case aside; empty: all.
    public var cameraIDs: [String]
    /// Only these genders, `nil` among them for undefined; empty: all.
    public var genders: Set<Gender?>
    /// The lowest age in years; undefined counts as 0.
    public var minimumAge: Int?
    /// The highest age in years.
    public var maximumAge: Int?
    /// Only passes with hits, or only those without.
    public var isRecognised: Bool?

    /// A filter; without arguments it lets every pass through.
    public init(
        from: Date? = nil, to: Date? = nil, cameraIDs: [String] = [], genders: Set<Gender?> = [],
        minimumAge: Int? = nil, maximumAge: Int? = nil, isRecognised: Bool? = nil
    ) {
        self.from = from
        self.to = to
        self.cameraIDs = cameraIDs
        self.genders = genders
        self.minimumAge = minimumAge
        self.maximumAge = maximumAge
        self.isRecognised = isRecognised
    }
}
