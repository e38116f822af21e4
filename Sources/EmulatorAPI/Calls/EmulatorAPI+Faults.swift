import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird

extension EmulatorAPI {
    var faultEndpoints: [Endpoint] {
        [
            Endpoint(verb: .get, path: "faults", purpose: "list what goes wrong on purpose") { [self] _ in
                .list("faults", tools.faults.all) { $0.fault($1) }
            },
            Endpoint(
                verb: .post, path: "faults",
                purpose: "let requests go wrong: delay, status, malformed-json, reset, truncated, not-ready",
                example:
                    #"{"kind":"delay","minimum":100,"maximum":500,"method":"FindFaces","probability":0.5,"count":3}"#
            ) { [self] call in
                let fault = try Fault(try await call.object(), id: UUID())
                tools.faults.add(fault)
                var writer = JSONWriter()
                writer.fault(fault)
                return .json(writer, status: .created)
            },
            Endpoint(verb: .delete, path: "faults", purpose: "let everything go well again") { [self] _ in
                tools.faults.removeAll()
                return Response(status: .noContent)
            },
            Endpoint(verb: .delete, path: "faults/{id}", purpose: "remove one fault") { [self] call in
                guard let id = GUID.parse(call.parameter("id")), tools.faults.remove(id) else {
                    throw EmulatorFailure(.notFound, "there is no such fault")
                }
                return Response(status: .noContent)
            },
        ]
    }
}

extension JSONWriter {
    fileprivate mutating func fault(_ fault: Fault) {
        object { object in
            object.member("id", fault.id)
            object.member("kind", fault.kind.name)
            switch fault.kind {
            case .delay(let range):
                object.member("minimum", range.lowerBound)
                object.member("maximum", range.upperBound)
            case .status(let status, let body):
                object.member("status", status)
                object.member("body", body)
            case .malformedJSON, .reset, .truncated, .notReady: break
            }
            object.member("method", fault.method ?? "*")
            object.key("probability")
            object.significant(fault.probability)
            object.member("used", fault.used)
            object.key("remaining")
            if let remaining = fault.remaining { object.value(remaining) } else { object.null() }
        }
    }
}
