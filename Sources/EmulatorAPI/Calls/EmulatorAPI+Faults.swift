import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird

extension EmulatorAPI {
    var faultEndpoints: [Endpoint] {
        [
            Endpoint(verb: .get, path: "faults", purpose: "list what goes wrong on purpose") { [self] _ in
                .object { object in
                    object.key("faults")
                    object.array { array in
                        for fault in tools.faults.all { array.fault(fault) }
                    }
                }
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
            object.key("id")
            object.value(fault.id)
            object.key("kind")
            object.value(fault.kind.name)
            switch fault.kind {
            case .delay(let range):
                object.key("minimum")
                object.value(range.lowerBound)
                object.key("maximum")
                object.value(range.upperBound)
            case .status(let status, let body):
                object.key("status")
                object.value(status)
                object.key("body")
                object.value(body)
            case .malformedJSON, .reset, .truncated, .notReady: break
            }
            object.key("method")
            object.value(fault.method ?? "*")
            object.key("probability")
            object.significant(fault.probability)
            object.key("used")
            object.value(fault.used)
            object.key("remaining")
            if let remaining = fault.remaining { object.value(remaining) } else { object.null() }
        }
    }
}
