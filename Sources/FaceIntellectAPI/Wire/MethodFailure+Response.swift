import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird

extension MethodFailure {
    /// The failure as an answer, with its own status unless another one is given.
    func response(of method: Method?, sourceID: UUID, status: HTTPResponse.Status? = nil) -> Response {
        var writer = JSONWriter()
        switch method {
        case .readPersons: writer.personList([], total: 0, sourceID: sourceID, status: self)
        case .findFaces:
            writer.object { object in
                object.key("FaceList")
                object.array { _ in }
                object.member("ProcessedFindFacesDuration", 0)
                object.statusAndDescription(self)
            }
        case .getProtocols:
            writer.object { object in
                object.key("Protocols")
                object.array { _ in }
                object.member("ProtocolsTotal", 0)
                object.statusAndDescription(self)
            }
        case .getAnalityc: writer.visitors([], status: code.rawValue)
        case .getAnalitycByTime: writer.demographics([], showing: { $0 }, status: code.rawValue)
        case .findPasserBy:
            writer.object { object in
                object.key("Data")
                object.similarPasses([], duration: .zero)
                object.statusAndDescription(self)
            }
        default: writer.status(code.rawValue, result: result, description: description)
        }
        var response = Response.json(writer, status: status ?? self.status)
        if response.status == .serviceUnavailable { response.headers[.retryAfter] = "1" }
        return response
    }
}

extension JSONWriter {
    fileprivate mutating func statusAndDescription(_ failure: MethodFailure) {
        member("Status", failure.code.rawValue)
        member("Description", failure.description)
    }
}
