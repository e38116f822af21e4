import TestKit

extension Photo {
    /// Photos of one face each, 0.2 to 3 megapixels.
    static let oneFace: [Photo] = [.obama, .obama2, .personA2, .personB1, .personB2, .impostor1, .impostor2]
}
