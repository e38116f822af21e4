import FaceModel
import Foundation
import HTTPSupport

extension JSONWriter {
    /// Writes a person as Web Server 2.0 does: every value is a text.
    mutating func platformPerson(_ person: Person, photo: [UInt8]) {
        object { object in
            object.key("person")
            object.object { row in
                row.member("id", person.platformUserID.map(String.init) ?? person.publicID)
                row.member("guid", "{\(GUID.text(person.id))}")
                row.member("tabnum", person.externalID ?? "")
                row.member("surname", person.texts.surname)
                row.member("name", person.texts.name)
                row.member("patronymic", person.texts.patronymic)
                row.key("img")
                row.base64(photo)
                row.member("department", person.texts.department)
                row.member("comment", person.texts.comment)
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
            object.member("id", "{\(GUID.text(event.id))}")
            object.member("objectId", "FIRSERVER:\(serverID)")
            object.member("ts", Timestamp.localText(event.raisedAt))
            object.member("description", event.name.description)
            object.member("camId", event.cameraID)
            object.member("addInfo", info)
            object.member("type", "FIRSERVER")
            object.member("action", event.name.rawValue)
            object.member("params0", name.joined(separator: " "))
            object.member("params1", parameters["sim"] ?? "")
            object.member("params2", parameters["protocol_id"] ?? "")
            object.member("params3", parameters["id"] ?? "")
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
