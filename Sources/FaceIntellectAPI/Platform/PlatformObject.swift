import HTTPSupport
import Hummingbird

/// An object of the platform's tree: the face server or a camera.
struct PlatformObject: Sendable {
    /// How an answer shows objects.
    enum Form {
        case list
        case object
        case state
    }

    let type: String
    /// The number in the tree.
    let number: String
    let name: String
    /// The cameras of the face server.
    var cameras: [String] = []

    var id: String { "\(type):\(number)" }
}

extension Response {
    /// Objects in a form; without an object the list is empty.
    static func json(_ objects: [PlatformObject], as form: PlatformObject.Form) -> Response {
        var writer = JSONWriter()
        switch (form, objects.first) {
        case (.object, let object?): writer.platformObject(object)
        case (.state, .some): writer.normalState()
        default:
            writer.array { array in
                for object in objects { array.platformObject(object) }
            }
        }
        return .json(writer)
    }
}

extension JSONWriter {
    fileprivate mutating func platformObject(_ platform: PlatformObject) {
        object { object in
            object.member("type", platform.type)
            object.member("id", platform.id)
            object.member("extId", platform.number)
            object.member("name", platform.name)
            if platform.type == "FIRSERVER" {
                object.member("cams", platform.cameras.map { "\($0);" }.joined())
            }
            object.key("state")
            object.normalState()
        }
    }

    fileprivate mutating func normalState() {
        object { state in
            state.member("id", "normal")
            state.member("type", "NORMAL")
            state.key("fullState")
            state.null()
        }
    }
}
