import HTTPSupport
import HTTPTypes
import Hummingbird

extension EmulatorAPI {
    /// Every call, in the order in which they are listed.
    var endpoints: [Endpoint] {
        let index = Endpoint(verb: .get, path: "", purpose: "list the calls") { [self] _ in list(endpoints) }
        return [index] + cameraEndpoints + scriptEndpoints + faultEndpoints + journalEndpoints + settingsEndpoints
            + timeEndpoints + dataEndpoints
    }

    private func list(_ endpoints: [Endpoint]) -> Response {
        .object { object in
            object.key("endpoints")
            object.array { array in
                for endpoint in endpoints {
                    array.object { row in
                        row.member("verb", endpoint.verb.rawValue)
                        row.member("path", endpoint.path.isEmpty ? "/emulator" : "/emulator/\(endpoint.path)")
                        row.member("purpose", endpoint.purpose)
                        row.member("example", endpoint.example)
                    }
                }
            }
        }
    }
}
