/// What a network guesses of somebody from the face.
public struct FaceAttributes: Sendable, Hashable {
    /// Years.
    public var age: Float
    /// The likelier gender.
    public var gender: Gender
    /// How sure the network is of the gender, 0.5…1.
    public var genderConfidence: Float

    /// Attributes from their parts.
    public init(age: Float, gender: Gender, genderConfidence: Float) {
        self.age = age
        self.gender = gender
        self.genderConfidence = genderConfidence
    }
}

/// What a network tells apart.
public enum Gender: Sendable, Hashable {
    /// A man or a boy.
    case male
    /// A woman or a girl.
    case female
}
