import FaceModel
import Foundation
import HTTPSupport

extension JSONWriter {
    /// Writes a person; only search results have a similarity.
    mutating func person(_ person: Person, similarity: Double? = nil) {
        object { object in
            object.key("Id")
            object.id(of: person)
            object.member("Name", person.texts.name)
            object.member("Surname", person.texts.surname)
            object.member("Patronymic", person.texts.patronymic)
            object.member("Department", person.texts.department)
            object.member("Comment", person.texts.comment)
            object.member("Timestamp", person.createdAt)
            object.member("ImageId", person.imageID)
            object.member("AutoCreated", person.autoCreated)
            object.key("LastRecognitionTimestamp")
            if let time = person.lastRecognitionAt { object.value(time) } else { object.value("") }
            object.member("RecognitionCount", person.recognitionCount)
            if let number = person.platformUserID {
                object.member("PersonId", number)
            }
            if let similarity {
                object.key("Sim")
                object.similarity(similarity)
            }
        }
    }

    /// Writes a list of persons with all three carriers of its status: the misspelt one of 7.1, the later spelling, and
    /// the top-level one that strict decoders want.
    mutating func personList(_ persons: [Person], total: Int, sourceID: UUID, status failure: MethodFailure? = nil) {
        let status = failure?.code.rawValue ?? "OK"
        let description = failure?.description ?? ""
        object { object in
            object.key("PersonList")
            object.array { array in
                for person in persons { array.person(person) }
            }
            object.member("Total", total)
            object.member("Source", sourceID)
            object.key("Responce")
            object.status(status, description: description)
            object.key("Response")
            object.status(status, description: description)
            object.member("Status", status)
        }
    }

    private mutating func id(of person: Person) {
        if let externalID = person.externalID { value(externalID) } else { value(person.id) }
    }
}
