public import Foundation

/// A person as lists show them.
public struct ListedPerson: Sendable, Hashable {
    /// What lists keep of a person beyond everybody's facts.
    public struct Details: Sendable, Hashable {
        /// The group that was named at the enrolment.
        public var group: UUID
        /// The source that was named at the enrolment.
        public var source: UUID
        /// Whether a newer picture took the place of the first one.
        public var isReplaced: Bool
        /// The text fields.
        public var fields: [String]
        /// Estimates that were asked for at the enrolment.
        public var age: Float?
        /// The likelier gender, where it was asked for.
        public var gender: Gender?
        /// How probable that gender is, 0.5…1.
        public var genderConfidence: Float?
        /// When something was changed last; `nil`: never.
        public var updatedAt: Date?

        /// Details from their parts.
        public init(
            group: UUID, source: UUID, isReplaced: Bool = false, fields: [String], age: Float? = nil,
            gender: Gender? = nil, genderConfidence: Float? = nil, updatedAt: Date? = nil
        ) {
            self.group = group
            self.source = source
            self.isReplaced = isReplaced
            self.fields = fields
            self.age = age
            self.gender = gender
            self.genderConfidence = genderConfidence
            self.updatedAt = updatedAt
        }
    }

    /// Everybody's facts.
    public var person: Person
    /// What lists keep; of a person enrolled elsewhere the defaults.
    public var details: Details
    /// How the head is turned in the reference photo; `nil` where it was not measured.
    public var pose: HeadPose?
    /// Where eyes, nose and mouth are in the reference photo; `nil` where it is not known.
    public var landmarks: Landmarks?
    /// Whether the reference photo is kept.
    public var hasImage: Bool

    /// A listed person from its parts.
    public init(person: Person, details: Details, pose: HeadPose?, landmarks: Landmarks?, hasImage: Bool) {
        self.person = person
        self.details = details
        self.pose = pose
        self.landmarks = landmarks
        self.hasImage = hasImage
    }
}

extension PersonTexts {
    /// How many texts there are.
    public static let count = 5

    /// Texts from the first fields of a list's person, in the order name, surname, patronymic, department, comment.
    public init(fields: [String]) {
        func field(_ index: Int) -> String { index < fields.count ? fields[index] : "" }
        self.init(
            name: field(0), surname: field(1), patronymic: field(2), department: field(3), comment: field(4))
    }

    /// The texts in the order of ``init(fields:)``.
    public var fields: [String] { [name, surname, patronymic, department, comment] }
}
