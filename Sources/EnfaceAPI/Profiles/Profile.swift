import HTTPTypes

/// Which of two platforms a mount speaks for: they share code, and differ in names, defaults and statuses.
public enum Profile: String, Sendable, CaseIterable {
    /// The Enface platform, REST 1.0.
    case enface
    /// The later branch at neuro-vision.
    case neurovision

    /// The path in front of the endpoints.
    var mount: String {
        switch self {
        case .enface: "/enface/v1"
        case .neurovision: "/neurovision/v1"
        }
    }

    /// The status of something that was made, other than a person.
    var created: HTTPResponse.Status {
        switch self {
        case .enface: .created
        case .neurovision: .ok
        }
    }

    /// Whether conditions are any numbers, not only those of the platform's lists.
    var takesFreeNumbers: Bool { self == .neurovision }

    /// Whether `features` of a record is an object with a key each.
    var tellsFeaturesAsObject: Bool { self == .neurovision }

    /// Whether a known person's face is replaced unless the request says something else.
    var replacesOnFound: Bool { self == .enface }
}
