import FaceModel
import HTTPSupport
import Recognition

extension JSONWriter {
    mutating func cloudCollection(_ collection: PersonCollection) {
        object { object in
            object.member(id: collection.id)
            object.member("name", collection.name)
            object.member("description", collection.description)
            object.member("count", collection.count)
            object.member(time: collection.createdAt, as: "create_date")
            object.member(time: collection.modifiedAt, as: "modified_date")
        }
    }

    /// Writes a person with all ten keys, and the score where there is one.
    mutating func cloudPerson(_ person: ProfiledPerson, portraits: [Portrait], score: Double? = nil) {
        object { object in
            object.member("id", person.person.textID)
            object.member("name", String(person.person.joinedName.prefix(100)))
            object.key("thumbnails")
            object.array { array in
                for portrait in portraits {
                    array.object { thumbnail in
                        thumbnail.member(id: portrait.id)
                        thumbnail.member(file: portrait.file, as: "thumbnail")
                    }
                }
            }
            object.member("gender", person.profile.gender.map { CloudGender($0).rawValue })
            object.member("date_of_birth", person.profile.dateOfBirth)
            object.member("nationality", person.profile.nationality)
            let notes = person.person.texts.comment
            object.member("notes", notes.isEmpty ? nil : String(notes.prefix(500)))
            object.key("collections")
            object.array { array in
                for collection in person.collections { array.cloudCollection(collection) }
            }
            object.member(time: person.person.createdAt, as: "create_date")
            object.member(time: person.modifiedAt, as: "modified_date")
            if let score { object.member(score: score, as: "score") }
        }
    }

    mutating func cloudLandmarks(_ landmarks: Landmarks) {
        // Left and right as the viewer sees them.
        let eyes = [landmarks.rightEye, landmarks.leftEye].sorted { $0.x < $1.x }
        let corners = [landmarks.rightMouthCorner, landmarks.leftMouthCorner].sorted { $0.x < $1.x }
        key("landmarks")
        object { object in
            object.member("left_eye", eyes[0])
            object.member("right_eye", eyes[1])
            object.member("nose", landmarks.noseTip)
            object.member("left_mouth", corners[0])
            object.member("right_mouth", corners[1])
        }
    }

    private mutating func member(_ key: StaticString, _ point: Point) {
        self.key(key)
        array { array in
            array.value(point.x.nearestInteger)
            array.value(point.y.nearestInteger)
        }
    }
}

/// A gender as the cloud API writes it.
enum CloudGender: String, CaseIterable {
    case male = "M"
    case female = "F"

    init(_ gender: Gender) {
        switch gender {
        case .male: self = .male
        case .female: self = .female
        }
    }

    var gender: Gender {
        switch self {
        case .male: .male
        case .female: .female
        }
    }
}
