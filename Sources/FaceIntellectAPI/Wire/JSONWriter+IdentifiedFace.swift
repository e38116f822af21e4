import FaceModel
import HTTPSupport
import Recognition

extension JSONWriter {
    /// Writes one face of FindFaces.
    ///
    /// A probe that was a template has no place in a picture, so those keys are left out.
    mutating func identifiedFace(_ identified: IdentifiedFace, minimumSimilarity: Double) {
        object { object in
            if let face = identified.face { object.place(of: face) }
            object.member("ProcessedPersons", identified.comparedCount)
            object.member("ProcessedPersonsDuration", identified.searchDuration.milliseconds)
            object.key("PersonList")
            object.array { array in
                for candidate in identified.candidates where candidate.similarity >= minimumSimilarity {
                    array.person(candidate.person, similarity: candidate.similarity)
                }
            }
        }
    }

    private mutating func place(of face: DetectedFace) {
        key("quality")
        significant(Double(face.quality))
        // "Left" is the eye at the left of the picture, whosever it is and however the head is turned.
        let eyes = [face.landmarks.rightEye, face.landmarks.leftEye].sorted { $0.x < $1.x }
        key("eyeLeftX")
        significant(Double(eyes[0].x))
        key("eyeLeftY")
        significant(Double(eyes[0].y))
        key("eyeRightX")
        significant(Double(eyes[1].x))
        key("eyeRightY")
        significant(Double(eyes[1].y))
        member("faceRectLeft", face.box.x.nearestInteger)
        member("faceRectTop", face.box.y.nearestInteger)
        member("faceRectWidth", face.box.width.nearestInteger)
        member("faceRectHeight", face.box.height.nearestInteger)
    }
}
