import FaceModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Recognition

extension EmulatorAPI {
    /// The dialects that can be put back by themselves.
    private static let dialects = ["face-intellect"]

    var dataEndpoints: [Endpoint] {
        [
            Endpoint(
                verb: .post, path: "reset",
                purpose:
                    "put everything back: persons, protocols, events, cameras, settings, scripts, faults, journal, "
                    + "clock and ids; with a dialect only what it shows, not settings, clock and ids",
                example: #"{"dialect":"face-intellect"}"#, answer: reset),
            Endpoint(
                verb: .post, path: "seed", purpose: "add people: those given, or the configured sample people",
                example: #"{"people":[{"surname":"Rojas","name":"Ana","image":"/9j/4AAQ…"}]}"#, answer: seed),
            Endpoint(verb: .get, path: "snapshots", purpose: "list the copies of the database") { [self] _ in
                let names = try await calling { () async throws(RecognitionError) in try await service.snapshots() }
                return .list("snapshots", names) { $0.value($1) }
            },
            Endpoint(
                verb: .put, path: "snapshots/{name}", purpose: "copy the database; a copy of the same name is replaced"
            ) { [self] call in
                let name = try name(call)
                try await calling { () async throws(RecognitionError) in try await service.takeSnapshot(name) }
                return Response(status: .noContent)
            },
            Endpoint(
                verb: .post, path: "snapshots/{name}/restore", purpose: "put a copy in the place of the database"
            ) { [self] call in
                let name = try name(call)
                let isThere = try await calling { () async throws(RecognitionError) in
                    try await service.restoreSnapshot(name)
                }
                guard isThere else { throw EmulatorFailure(.notFound, "there is no such copy") }
                return Response(status: .noContent)
            },
            Endpoint(verb: .delete, path: "snapshots/{name}", purpose: "forget a copy") { [self] call in
                let name = try name(call)
                let isThere = try await calling { () async throws(RecognitionError) in
                    try await service.removeSnapshot(name)
                }
                guard isThere else { throw EmulatorFailure(.notFound, "there is no such copy") }
                return Response(status: .noContent)
            },
        ]
    }

    private func name(_ call: EmulatorCall) throws(EmulatorFailure) -> SnapshotName {
        guard let name = SnapshotName(call.parameter("name")) else {
            throw EmulatorFailure(.badRequest, "a name has 1 to 40 letters, digits, - and _")
        }
        return name
    }

    private func reset(_ call: EmulatorCall) async throws -> Response {
        let object = try await call.object()
        if let value = object["dialect"] {
            guard let dialect = value.text, Self.dialects.contains(dialect) else {
                throw EmulatorFailure(.badRequest, "dialect must be \(Self.dialects.joined(separator: " or "))")
            }
            try await calling { () async throws(RecognitionError) in
                try await service.clearLog()
                try await service.removeAll(from: gallery)
            }
        } else {
            try await calling { () async throws(RecognitionError) in try await service.reset() }
            tools.clock.mode = .system
            tools.ids.seed(nil)
            tools.faults.seed(nil)
        }
        tools.scripts.removeAll()
        tools.faults.removeAll()
        tools.journal.removeAll()
        return Response(status: .noContent)
    }

    private func seed(_ call: EmulatorCall) async throws -> Response {
        let object = try await call.object()
        let summary: SeedSummary
        if let people = object["people"] {
            guard let people = people.elements else { throw EmulatorFailure(.badRequest, "people must be an array") }
            summary = try await enrol(people)
        } else {
            do {
                guard let seeded = try await seed() else {
                    throw EmulatorFailure(
                        .conflict, "no sample people are configured: send people, or set --seed-manifest")
                }
                summary = seeded
            } catch let error as RecognitionError {
                throw EmulatorFailure(error)
            }
        }
        return .object { object in
            object.member("added", summary.added)
            object.key("refused")
            object.array { array in
                for reason in summary.refused { array.value(reason) }
            }
        }
    }

    private func enrol(_ people: [JSONValue]) async throws -> SeedSummary {
        var added = 0
        var refused: [String] = []
        for (index, value) in people.enumerated() {
            do throws(EmulatorFailure) {
                try await enrol(value.object)
                added += 1
            } catch {
                guard error.status.kind != .serverError else { throw error }
                refused.append("\(index): \(error.text)")
            }
        }
        return SeedSummary(added: added, refused: refused)
    }

    private func enrol(_ person: JSONObject?) async throws(EmulatorFailure) {
        guard let person, let surname = person.text(forKey: "surname"), !surname.isEmpty else {
            throw EmulatorFailure(.badRequest, "surname is missing")
        }
        guard let photo = person.bytesOfBase64(forKey: "image"), !photo.isEmpty else {
            throw EmulatorFailure(.badRequest, "image is missing")
        }
        let texts = PersonTexts(
            name: person.text(forKey: "name") ?? "", surname: surname,
            patronymic: person.text(forKey: "patronymic") ?? "", department: person.text(forKey: "department") ?? "",
            comment: person.text(forKey: "comment") ?? "")
        var key: PersonKey?
        if let text = person.text(forKey: "id"), !text.isEmpty {
            guard let id = GUID.parse(text) else { throw EmulatorFailure(.badRequest, "id is no GUID") }
            key = .id(id)
        }
        let draft = PersonDraft(key: key, texts: texts)
        _ = try await calling { () async throws(RecognitionError) in
            try await service.enrol(draft, face: .photo(photo), in: gallery)
        }
    }
}
