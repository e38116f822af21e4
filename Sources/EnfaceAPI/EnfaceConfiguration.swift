/// What can be set of the Enface dialect.
public struct EnfaceConfiguration: Sendable {
    /// The profile that `/v1` speaks.
    public var profile: Profile
    /// The beginning of picture links, without a slash at the end; `nil`: as the request named the server.
    public var publicURL: String?
    /// The score that `no_match` stands for.
    public var platformScore: Double
    /// The length of a face's larger side below which it is too small to be looked at, in pixels.
    public var smallestFace: Double
    /// Whether `person/create` tells new and updated persons as arrays, as the platform did until 2020.
    public var tellsPersonsNewAsArray: Bool
    /// Whether `action` answers 201 when it recorded something; else 200, as the platform did until 2020.
    public var answersActionsWithCreated: Bool
    /// How long a permanent token works at most; `nil`: as long as its maker wants.
    public var longestToken: Duration?
    /// The largest request body in bytes.
    public var maximumBodySize: Int

    /// The platform's habits.
    public init(
        profile: Profile = .enface, publicURL: String? = nil, platformScore: Double = 85, smallestFace: Double = 40,
        tellsPersonsNewAsArray: Bool = false, answersActionsWithCreated: Bool = true, longestToken: Duration? = nil,
        maximumBodySize: Int = (10 << 20) + (256 << 10)
    ) {
        self.profile = profile
        self.publicURL = publicURL
        self.platformScore = platformScore
        self.smallestFace = smallestFace
        self.tellsPersonsNewAsArray = tellsPersonsNewAsArray
        self.answersActionsWithCreated = answersActionsWithCreated
        self.longestToken = longestToken
        self.maximumBodySize = maximumBodySize
    }
}
