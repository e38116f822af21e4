import FaceModel
import Foundation
import HTTPSupport
import Recognition

extension JSONWriter {
    /// Writes the keys of a face of a picture: what was asked for, and how the head is turned.
    mutating func faceMembers(
        _ face: SeenPicture.Face, of picture: SeenPicture, _ wanted: WantedExtras, _ profile: Profile
    ) {
        extras(face, wanted)
        if let pose = face.probe.face?.pose { self.pose(pose) }
        guard let features = picture.features else { return }
        key("features")
        if profile.tellsFeaturesAsObject {
            featureObject(
                Estimates(face.probe.face?.attributes, asked: features), pose: face.probe.face?.pose,
                landmarks: face.probe.face?.landmarks)
        } else {
            featureList(
                Estimates(face.probe.face?.attributes, asked: features), spent: picture.spentOnFeatures)
        }
    }

    /// Writes box, turned box, thumbnail and embedding, as far as they are wanted.
    mutating func extras(_ face: SeenPicture.Face, _ wanted: WantedExtras) {
        if let seen = face.probe.face {
            if wanted.box {
                key("bbox")
                corners([
                    (Double(seen.box.x), Double(seen.box.y)),
                    (Double(seen.box.x + seen.box.width), Double(seen.box.y + seen.box.height)),
                ])
            }
            if wanted.turnedBox {
                key("bbox_pro")
                corners(seen.box.turnedCorners(by: Double(seen.pose.roll)))
            }
        }
        if let thumbnail = face.thumbnail {
            let text = Data(thumbnail).base64EncodedString()
            if wanted.thumbnail { member("thumb", text) }
            if wanted.normalized { member("normalized", text) }
        }
        if wanted.embedding { member("embedding", face.probe.embedding.commaText) }
    }

    /// Writes the three angles in whole degrees.
    mutating func pose(_ pose: HeadPose) {
        member("yaw", pose.yaw.nearestInteger)
        member("pitch", pose.pitch.nearestInteger)
        member("roll", pose.roll.nearestInteger)
    }

    /// Writes estimates as the platform lists them.
    mutating func featureList(_ estimates: Estimates, spent: Int) {
        array { array in
            if let gender = estimates.gender {
                array.feature(.gender, spent: spent, confidence: Self.percent(estimates.genderConfidence)) {
                    $0.value(gender.rawValue)
                }
            }
            if let age = estimates.age {
                // The network says how old somebody looks, not how sure it is.
                array.feature(.age, spent: spent, confidence: "n/a") { $0.value(age.nearestInteger) }
            }
        }
    }

    private mutating func feature(
        _ feature: Feature, spent: Int, confidence: String, _ result: (inout JSONWriter) -> Void
    ) {
        object { row in
            row.member("name", feature.name)
            row.member("version", 1)
            row.key("result")
            result(&row)
            row.member("confidence", confidence)
            row.member("spent", spent)
        }
    }

    /// Writes what is known of a face as the later platform tells it: a key each.
    mutating func featureObject(_ estimates: Estimates, pose: HeadPose?, landmarks: Landmarks?) {
        object { object in
            if let landmarks {
                object.key("eye_distance")
                object.significant(Double(landmarks.rightEye.distance(to: landmarks.leftEye)))
                object.key("eye_left")
                object.point(landmarks.leftEye)
                object.key("eye_right")
                object.point(landmarks.rightEye)
            }
            if let gender = estimates.gender { object.member("gender", gender.rawValue) }
            if let age = estimates.age { object.member("age", age.nearestInteger) }
            if let pose { object.pose(pose) }
        }
    }

    private mutating func point(_ point: Point) {
        array { array in
            array.significant(Double(point.x))
            array.significant(Double(point.y))
        }
    }

    private mutating func corners(_ corners: [(Double, Double)]) {
        array { array in
            for (x, y) in corners {
                array.array { corner in
                    corner.value(x.nearestInteger)
                    corner.value(y.nearestInteger)
                }
            }
        }
    }

    /// A part of one as the platform writes confidences: `98.12%`, six characters at most.
    static func percent(_ part: Float) -> String {
        let hundredths = (Double(min(1, max(0, part))) * 10_000).nearestInteger
        guard hundredths < 10_000 else { return "100%" }
        return "\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)%"
    }
}

/// What was estimated of a face and is to be told; there is no network for race.
struct Estimates {
    var age: Float?
    var gender: Gender?
    var genderConfidence: Float = 0.5

    /// Those of the estimates that were asked for.
    init(_ attributes: FaceAttributes?, asked: [Feature]) {
        guard let attributes else { return }
        if asked.contains(.age) { age = attributes.age }
        guard asked.contains(.gender) else { return }
        gender = attributes.gender
        genderConfidence = attributes.genderConfidence
    }

    /// Those that were kept at the enrolment.
    init(_ details: ListedPerson.Details) {
        age = details.age
        gender = details.gender
        genderConfidence = details.genderConfidence ?? 0.5
    }
}

extension BoundingBox {
    /// The corners clockwise from the top left one, turned about the centre.
    ///
    /// - Parameter degrees: clockwise as seen by the viewer.
    fileprivate func turnedCorners(by degrees: Double) -> [(Double, Double)] {
        let angle = degrees * .pi / 180
        let (halfWidth, halfHeight) = (Double(width) / 2, Double(height) / 2)
        let (centreX, centreY) = (Double(x) + halfWidth, Double(y) + halfHeight)
        return [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1)].map { right, down in
            let (dx, dy) = (right * halfWidth, down * halfHeight)
            return (centreX + dx * cos(angle) - dy * sin(angle), centreY + dx * sin(angle) + dy * cos(angle))
        }
    }
}

extension Embedding {
    /// The coordinates as decimal numbers with commas between them.
    var commaText: String { values.map { DecimalText.significant(Double($0), digits: 9) }.joined(separator: ",") }
}
