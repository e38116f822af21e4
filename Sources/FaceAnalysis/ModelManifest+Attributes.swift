public import FaceModel
import Imaging

extension ModelManifest {
    /// The networks that estimate age and gender, each from a small square crop of the face.
    public struct Attributes: Sendable, Codable {
        /// Where the five landmarks lie in the crops, x and y in fractions of their side, in the order of
        /// ``FaceModel/Landmarks/points``.
        public let template: [[Float]]
        /// The network for the age.
        public let age: Age
        /// The network for the gender.
        public let gender: Gender

        /// A network whose outputs are the probabilities of ages.
        public struct Age: Sendable, Codable {
            /// Its name.
            public let name: String
            /// Its file in the models folder.
            public let file: String
            /// The SHA-256 of the file.
            public let sha256: String
            /// What it wants as input.
            public let input: Input
            /// The ages that it tells apart.
            public let ages: Ages
        }

        /// A network whose outputs are the probabilities of genders.
        public struct Gender: Sendable, Codable {
            /// Its name.
            public let name: String
            /// Its file in the models folder.
            public let file: String
            /// The SHA-256 of the file.
            public let sha256: String
            /// What it wants as input.
            public let input: Input
            /// Which gender each output stands for.
            public let order: [FaceModel.Gender]
        }

        /// The input of such a network: N×3×side×side, (value − mean) · scale of 8-bit values.
        public struct Input: Sendable, Codable {
            /// Columns, and rows.
            public let side: Int
            /// The order of the planes.
            public let channels: Channels
            /// Subtracted from each value, a number per plane.
            public let mean: [Float]
            /// Multiplied after that.
            public let scale: Float
        }

        /// Ages in years: the first one, for babies, then 1, 2 and so on up to the last.
        public struct Ages: Sendable, Codable {
            /// The age of the first output.
            public let first: Float
            /// The age of the last output.
            public let last: Int

            /// The age of each output.
            public var values: [Float] { [first] + (1...last).map(Float.init) }
        }

        /// What is wrong with the numbers, if anything is.
        var fault: String? {
            guard template.count == 5, template.allSatisfy({ $0.count == 2 }) else {
                return "the attributes' template needs five points of two numbers"
            }
            for input in [age.input, gender.input] where input.side < 2 || input.mean.count != 3 {
                return "the attributes' inputs need a side of 2 or more and three means"
            }
            guard [age.sha256, gender.sha256].allSatisfy({ ModelFingerprint(sha256: $0) != nil }) else {
                return "a sha256 of the attributes is no SHA-256"
            }
            guard age.ages.last >= 1 else { return "the last age must be 1 or more" }
            guard gender.order.count == 2, Set(gender.order).count == 2 else {
                return "the order of genders must name both"
            }
            return nil
        }
    }
}

extension ModelManifest.Channels {
    var order: ChannelOrder {
        switch self {
        case .rgb: .rgb
        case .bgr: .bgr
        }
    }
}
