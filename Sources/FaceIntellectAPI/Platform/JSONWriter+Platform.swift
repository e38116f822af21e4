import FaceModel
import Foundation
import HTTPSupport

extension JSONWriter {
    /// Writes a person as Web Server 2.0 does: every value is a text.
    mutating func platformPerson(_ person: Person, photo: [UInt8]) {
        object { object in
            object.key("person")
            object.object { row in
                row.key("id")
                row.value(person.platformUserID.map(String.init) ?? person.publicID)
                row.key("guid")
                row.value("{\(GUID.text(person.id))}")
                row.key("tabnum")
                row.value(person.externalID ?? "")
                row.key("surname")
                row.value(person.texts.surname)
                row.key("name")
                row.value(person.texts.name)
                row.key("patronymic")
                row.value(person.texts.patronymic)
                row.key("img")
                row.value(Data(photo).base64EncodedString())
                row.key("department")
                row.value(person.texts.department)
                row.key("comment")
                row.value(person.texts.comment)
            }
        }
    }

    /// Writes an event as Web Server 2.0 does.
    ///
    /// `params0` to `params3` are the person's name, the similarity, the pass and the person; `addInfo` has all
    /// parameters in the platform's text form.
    mutating func platformEvent(_ event: PlatformEvent, serverID: String) {
        let parameters = event.parameters
        let name = ["surname", "name", "patronymic"].compactMap { parameters[$0] }.filter { !$0.isEmpty }
        let info = parameters.sorted { $0.key < $1.key }.map { "\($0.key)<\($0.value)>" }.joined(separator: ",")
        object { object in
            object.key("id")
            object.value("{\(GUID.text(event.id))}")
            object.key("objectId")
            object.value("FIRSERVER:\(serverID)")
            object.key("ts")
            object.value(Timestamp.localText(event.raisedAt))
            object.key("description")
            object.value(event.name.description)
            object.key("camId")
            object.value(event.cameraID)
            object.key("addInfo")
            object.value(info)
            object.key("type")
            object.value("FIRSERVER")
            object.key("action")
            object.value(event.name.rawValue)
            object.key("params0")
            object.value(name.joined(separator: " "))
            object.key("params1")
            object.value(parameters["sim"] ?? "")
            object.key("params2")
            object.value(parameters["protocol_id"] ?? "")
            object.key("params3")
            object.value(parameters["id"] ?? "")
        }
    }
}

extension PlatformEvent.Name {
    fileprivate var description: String {
        switch self {
        case .findPerson: "Face recognized"
        case .personNotFound: "Face not recognized"
        case .identifyAccept: "Access granted"
        case .identifyDecline: "Access denied"
        }
    }
}
