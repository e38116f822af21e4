/// What a face looks like: estimates, which may be wrong about the person.
public struct FaceAttributes: Sendable, Hashable {
    /// The age in years.
    public var age: Float
    /// The likelier gender.
    public var gender: Gender
    /// How probable that gender is, 0.5…1.
    public var genderConfidence: Float

    /// Attributes from their parts.
    public init(age: Float, gender: Gender, genderConfidence: Float) {
        self.age = age
        self.gender = gender
        self.genderConfidence = genderConfidence
    }
}
