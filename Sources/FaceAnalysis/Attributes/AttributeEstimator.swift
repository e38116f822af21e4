import FaceModel
import Imaging
import Inference

/// Estimates age and gender of faces. Belongs to one thread.
struct AttributeEstimator: ~Copyable {
    private var age: ChipClassifier
    private var gender: ChipClassifier
    private let ages: [Float]
    private let genders: [Gender]

    init(
        age: consuming InferenceSession, gender: consuming InferenceSession, settings: ModelManifest.Attributes
    ) {
        ages = settings.age.ages.values
        genders = settings.gender.order
        self.age = ChipClassifier(
            session: age, input: settings.age.input, template: settings.template,
            framings: AttributeNetworks.ageFramings, classes: ages.count)
        self.gender = ChipClassifier(
            session: gender, input: settings.gender.input, template: settings.template,
            framings: AttributeNetworks.genderFramings, classes: genders.count)
    }

    /// The attributes of one face; the age is the expected value over all ages.
    ///
    /// - Parameter landmarks: the face's points in pixels of `picture`.
    /// - Returns: `nil` when the points fall together.
    mutating func attributes(
        of landmarks: Landmarks, in picture: Picture
    ) throws(InferenceError) -> FaceAttributes? {
        guard let ageProbabilities = try age.classify(landmarks, in: picture),
            let genderProbabilities = try gender.classify(landmarks, in: picture),
            let likelier = genderProbabilities.indices.max(by: { genderProbabilities[$0] < genderProbabilities[$1] })
        else { return nil }
        return FaceAttributes(
            age: zip(ages, ageProbabilities).reduce(0) { $0 + $1.0 * $1.1 },
            gender: genders[likelier], genderConfidence: genderProbabilities[likelier])
    }
}
