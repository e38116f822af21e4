import FaceModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Recognition

extension EmulatorAPI {
    var scriptEndpoints: [Endpoint] {
        [
            Endpoint(verb: .get, path: "scripts", purpose: "list what recognition is told to see") { [self] _ in
                .list("scripts", tools.scripts.all) { $0.script($1) }
            },
            Endpoint(
                verb: .post, path: "scripts",
                purpose: "decide what a picture (picture, sha256), any with a marker, or every picture shows",
                example: #"{"marker":"ana-at-gate","result":"person","person":"5D2F0B44-…","sim":0.93,"count":1}"#
            ) { [self] call in
                let script = try Script(try await call.object(), id: UUID())
                tools.scripts.add(script)
                var writer = JSONWriter()
                writer.script(script)
                return .json(writer, status: .created)
            },
            Endpoint(verb: .delete, path: "scripts", purpose: "let the networks see everything again") { [self] _ in
                tools.scripts.removeAll()
                return Response(status: .noContent)
            },
            Endpoint(verb: .delete, path: "scripts/{id}", purpose: "remove one script") { [self] call in
                guard let id = GUID.parse(call.parameter("id")), tools.scripts.remove(id) else {
                    throw EmulatorFailure(.notFound, "there is no such script")
                }
                return Response(status: .noContent)
            },
        ]
    }
}

extension JSONWriter {
    fileprivate mutating func script(_ script: Script) {
        object { object in
            object.member("id", script.id)
            switch script.subject {
            case .picture(let digest):
                object.member("sha256", Digest.text(digest))
            case .marker(let marker):
                object.member("marker", String(decoding: marker, as: UTF8.self))
            case .everything: break
            }
            object.key("result")
            switch script.interpretation {
            case .person(let key, let similarity):
                object.value("person")
                object.key("person")
                switch key {
                case .id(let id): object.value(id)
                case .external(let text): object.value(text)
                }
                object.key("sim")
                object.significant(similarity)
            case .strangers(let count): object.value(count == 1 ? "stranger" : "two-faces")
            case .noFace: object.value("no-face")
            case .lowQuality: object.value("low-quality")
            case .notReady: object.value("not-ready")
            }
            object.member("used", script.used)
            object.key("remaining")
            if let remaining = script.remaining { object.value(remaining) } else { object.null() }
        }
    }
}
