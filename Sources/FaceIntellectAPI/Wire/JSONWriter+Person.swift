import FaceModel
import Foundation
import HTTPSupport

extension JSONWriter {
    /// Writes a person; only search results have a similarity.
    mutating func person(_ person: Person, similarity: Double? = nil) {
        object { object in
            object.key("Id")
            object.id(of: person)
            object.key("Name")
            object.value(person.texts.name)
            object.key("Surname")
            object.value(person.texts.surname)
            object.key("Patronymic")
            object.value(person.texts.patronymic)
            object.key("Department")
            object.value(person.texts.department)
            object.key("Comment")
            object.value(person.texts.comment)
            object.key("Timestamp")
            object.value(person.createdAt)
            object.key("ImageId")
            object.value(person.imageID)
            object.key("AutoCreated")
            object.value(person.autoCreated)
            object.key("LastRecognitionTimestamp")
            if let time = person.lastRecognitionAt { object.value(time) } else { object.value("") }
            object.key("RecognitionCount")
            object.value(person.recognitionCount)
            if let number = person.platformUserID {
                object.key("PersonId")
                object.value(number)
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
            object.key("Total")
            object.value(total)
            object.key("Source")
            object.value(sourceID)
            object.key("Responce")
            object.status(status, description: description)
            object.key("Response")
            object.status(status, description: description)
            object.key("Status")
            object.value(status)
        }
    }

    private mutating func id(of person: Person) {
        if let externalID = person.externalID { value(externalID) } else { value(person.id) }
    }
}
