import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird

extension MethodFailure {
    /// The failure as an answer, HTTP 200 unless the server is overloaded or a status is given.
    func response(of method: Method?, sourceID: UUID, status: HTTPResponse.Status? = nil) -> Response {
        var writer = JSONWriter()
        switch method {
        case .readPersons: writer.personList([], total: 0, sourceID: sourceID, status: self)
        case .findFaces:
            writer.object { object in
                object.key("FaceList")
                object.array { _ in }
                object.key("ProcessedFindFacesDuration")
                object.value(0)
                object.key("Status")
                object.value(code.rawValue)
                object.key("Description")
                object.value(description)
            }
        default: writer.status(code.rawValue, result: result, description: description)
        }
        var response = Response.json(writer, status: status ?? (isOverload ? .serviceUnavailable : .ok))
        if isOverload { response.headers[.retryAfter] = "1" }
        return response
    }
}
