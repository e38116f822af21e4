import FaceModel
import HTTPSupport
import Recognition

extension FaceIntellectAPI {
    /// UpdatePerson: changes the texts that the request has; photo, time stamp and counters stay.
    func updatePerson(_ request: JSONObject) async throws(MethodFailure) -> JSONWriter {
        guard let id = request.text(forKey: "id"), let key = PersonKey(text: id) else {
            throw MethodFailure(.failedToUpdatePerson)
        }
        var changes = PersonChanges()
        changes.name = try request.personText("name", for: .updatePerson)
        changes.surname = try request.personText("surname", for: .updatePerson)
        changes.patronymic = try request.personText("patronymic", for: .updatePerson)
        changes.department = try request.personText("department", for: .updatePerson)
        changes.comment = try request.personText("comment", for: .updatePerson)
        let person = try await calling(for: .updatePerson) { () async throws(RecognitionError) in
            changes.platformAttributes = try PlatformAttributes.json(of: request)
            return try await service.update(key, in: configuration.gallery, changes: changes)
        }
        var writer = JSONWriter()
        writer.status("SUCCESS", result: person.publicID)
        return writer
    }
}
