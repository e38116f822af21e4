import FaceModel
import HTTPSupport

/// From which score on a face is a known person, as clients say it.
enum Threshold: Hashable {
    /// Nobody is enrolled.
    case never
    /// The platform's own score.
    case platform
    /// A score, 0…100.
    case score(Double)

    /// The text that a source keeps and tells.
    var text: String {
        switch self {
        case .never: "never"
        case .platform: "no_match"
        case .score(let score): DecimalText.significant(score, digits: 6)
        }
    }

    /// - Returns: `nil` for a text that the profile does not know.
    init?(_ text: String, in profile: Profile) {
        switch text {
        case "never": self = .never
        case "no_match": self = .platform
        default:
            guard let number = Double(text), number.isFinite else { return nil }
            if profile.takesFreeNumbers {
                guard 0...100 ~= number else { return nil }
                self = .score(number <= 1 ? 100 * number : number)
            } else {
                guard [80, 85, 90, 95].contains(number) else { return nil }
                self = .score(number)
            }
        }
    }
}

/// The conditions of a request under which a face becomes a person; `nil` where nothing is said.
struct EnrolmentConditions {
    var threshold: Threshold?
    var minimumSide: Double?
    var maximumYaw: Double?
    var maximumPitch: Double?

    init(_ call: EnfaceCall) throws(EnfaceFailure) {
        if let field = call["new_person_threshold"] {
            guard let threshold = Threshold(try field.textOrNumber(), in: call.profile) else { throw .invalidSchema }
            self.threshold = threshold
        }
        if call.profile == .neurovision, let field = call["new_person_threshold_score"] {
            guard let threshold = Threshold(try field.textOrNumber(), in: call.profile) else { throw .invalidSchema }
            self.threshold = threshold
        }
        minimumSide = try Self.number(call["new_person_square_min"], of: [50, 112, 224], most: 100_000, call.profile)
        let angles: [Double] = [5, 10, 20, 30, 40, 50, 60, 70, 80]
        let angle = try Self.number(call["new_person_angle_max"], of: angles, most: 180, call.profile)
        maximumYaw = try Self.number(call["new_person_yaw_max"], of: angles, most: 180, call.profile) ?? angle
        if call.profile == .neurovision {
            maximumPitch = try Self.number(call["new_person_pitch_max"], of: angles, most: 180, call.profile)
        }
    }

    private static func number(
        _ field: Field?, of accepted: [Double], most: Double, _ profile: Profile
    ) throws(EnfaceFailure) -> Double? {
        guard let field else { return nil }
        let number = try field.number()
        guard profile.takesFreeNumbers ? 0...most ~= number : accepted.contains(number) else { throw .invalidSchema }
        return number
    }
}
