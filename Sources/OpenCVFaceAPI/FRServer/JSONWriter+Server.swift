import FaceModel
import HTTPSupport

extension JSONWriter {
    mutating func serverCollection(_ name: String, count: Int) {
        object { object in
            object.member("name", name)
            object.member("num_persons", count)
        }
    }

    /// Writes a person, with the score where there is one; `picture` is what is kept of the enrolled one.
    mutating func serverPerson(_ member: NamedCollectionMember, picture: [UInt8]?, score: Double? = nil) {
        object { object in
            object.member("person_id", member.person.textID)
            object.member("person_name", member.person.texts.name)
            if let score { object.member(score: score, as: "similarity_score") }
            object.key("metadata")
            object.raw(json: member.metadata)
            object.member(file: picture ?? [], as: "face_base_64")
        }
    }
}
