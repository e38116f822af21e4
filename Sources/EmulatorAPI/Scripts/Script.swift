import FaceModel
import Foundation
import HTTPSupport
import HTTPTypes
import Recognition

/// What recognition is to see in certain pictures, for some requests or until it is removed.
struct Script: Sendable {
    /// Which pictures are meant.
    enum Subject: Sendable, Hashable {
        /// The file with this SHA-256.
        case picture([UInt8])
        /// Every file that holds these bytes anywhere.
        case marker([UInt8])
        /// Every file.
        case everything
    }

    let id: UUID
    let subject: Subject
    let interpretation: Interpretation
    /// How many requests it still holds for; `nil`: until it is removed.
    var remaining: Int?
    var used = 0

    /// A script from a request.
    init(_ object: JSONObject, id: UUID) throws(EmulatorFailure) {
        self.id = id
        subject = try Self.subject(object)
        interpretation = try Self.interpretation(object)
        remaining = try object.count()
    }

    private static func subject(_ object: JSONObject) throws(EmulatorFailure) -> Subject {
        if let value = object["picture"] {
            guard let bytes = value.bytesOfBase64, !bytes.isEmpty else {
                throw EmulatorFailure(.badRequest, "picture must be base64")
            }
            return .picture(Digest.sha256(bytes))
        }
        if let text = object.text(forKey: "sha256") {
            guard let digest = Digest.parse(text) else {
                throw EmulatorFailure(.badRequest, "sha256 must be 64 hexadecimal digits")
            }
            return .picture(digest)
        }
        guard let marker = object.text(forKey: "marker") else { return .everything }
        guard !marker.isEmpty else { throw EmulatorFailure(.badRequest, "marker must not be empty") }
        return .marker(Array(marker.utf8))
    }

    private static func interpretation(_ object: JSONObject) throws(EmulatorFailure) -> Interpretation {
        switch object.text(forKey: "result") {
        case "person":
            guard let text = object.text(forKey: "person"), !text.isEmpty else {
                throw EmulatorFailure(.badRequest, "person must be the id of a person")
            }
            let similarity = object["sim"] == nil ? 1 : object.number(forKey: "sim")
            guard let similarity, 0...1 ~= similarity else {
                throw EmulatorFailure(.badRequest, "sim must be from 0 to 1")
            }
            return .person(GUID.parse(text).map(PersonKey.id) ?? .external(text), similarity: similarity)
        case "stranger": return .strangers(1)
        case "two-faces": return .strangers(2)
        case "no-face": return .noFace
        case "low-quality": return .lowQuality
        case "not-ready": return .notReady
        default:
            throw EmulatorFailure(
                .badRequest, "result must be person, stranger, two-faces, no-face, low-quality or not-ready")
        }
    }
}

extension JSONObject {
    /// `count`: for how many requests something holds.
    func count() throws(EmulatorFailure) -> Int? {
        guard let value = self["count"] else { return nil }
        guard let count = value.integer, count >= 1 else {
            throw EmulatorFailure(.badRequest, "count must be a whole number from 1")
        }
        return count
    }
}
