import FaceModel
import HTTPSupport
import HTTPTypes
import Hummingbird
import Recognition

extension EmulatorAPI {
    var settingsEndpoints: [Endpoint] {
        [
            Endpoint(verb: .get, path: "settings", purpose: "the rules of recognition") { [self] _ in
                show(service.settings)
            },
            Endpoint(
                verb: .patch, path: "settings", purpose: "change some rules, for good",
                example: #"{"retentionDays":30,"similarityLevel":0.5,"similarFaces":5,"addsUnrecognised":false}"#
            ) { [self] call in
                var trial = service.settings
                var changes: [(name: String, value: RecognitionSettings.Value)] = []
                let object = try await call.object()
                for key in object.keys {
                    guard let value = object[key]?.settingValue else {
                        throw EmulatorFailure(.badRequest, "\(key) must be a text, a number or true or false")
                    }
                    do throws(RecognitionSettings.Refusal) {
                        try trial.set(key, to: value)
                        changes.append((key, value))
                    } catch {
                        throw EmulatorFailure(.badRequest, error.description)
                    }
                }
                let accepted = changes
                return show(
                    try await calling { () async throws(RecognitionError) in try await service.change(accepted) })
            },
            Endpoint(
                verb: .post, path: "sweep", purpose: "delete what is older than the rules allow, as every hour"
            ) { [self] _ in
                let sweep = try await calling { () async throws(RecognitionError) in try await service.sweep() }
                return .object { object in
                    object.member("protocols", sweep.passes)
                    object.member("events", sweep.events)
                    object.member("persons", sweep.persons)
                }
            },
        ]
    }

    private func show(_ settings: RecognitionSettings) -> Response {
        .object { object in
            for (name, value) in settings.values {
                object.key(text: name)
                switch value {
                case .integer(let value): object.value(value)
                case .number(let value): object.significant(value)
                case .flag(let value): object.value(value)
                case .text(let value): object.value(value)
                }
            }
        }
    }
}

extension JSONValue {
    /// The value by the kind in which it is written.
    fileprivate var settingValue: RecognitionSettings.Value? {
        if isText { return text.map(RecognitionSettings.Value.text) }
        if isNumber {
            return integer.map(RecognitionSettings.Value.integer) ?? number.map(RecognitionSettings.Value.number)
        }
        return bool.map(RecognitionSettings.Value.flag)
    }
}
