import FaceModel
import HTTPSupport
import Recognition

extension FaceIntellectAPI {
    /// CreatePerson: adds a person, or replaces the one with the same id.
    func createPerson(_ request: JSONObject) async throws(MethodFailure) -> JSONWriter {
        let draft = try personDraft(request)
        let face = try enrolmentFace(request)
        let person = try await calling(for: .createPerson) { () async throws(RecognitionError) in
            try await service.enrol(draft, face: face, in: configuration.gallery)
        }
        var writer = JSONWriter()
        writer.status("SUCCESS", result: person.publicID)
        return writer
    }

    private func personDraft(_ request: JSONObject) throws(MethodFailure) -> PersonDraft {
        guard let surname = try request.personText("surname", for: .createPerson), !surname.isEmpty,
            let department = try request.personText("department", for: .createPerson)
        else { throw MethodFailure(.failedToAddPerson) }
        let texts = PersonTexts(
            name: try request.personText("name", for: .createPerson) ?? "", surname: surname,
            patronymic: try request.personText("patronymic", for: .createPerson) ?? "", department: department,
            comment: try request.personText("comment", for: .createPerson) ?? "")
        var key: PersonKey?
        if let id = try request.personText("id", for: .createPerson), !id.isEmpty {
            guard let parsed = PersonKey(text: id) else { throw MethodFailure(.failedToAddPerson) }
            key = parsed
        }
        let isPlatformUser = Self.platformUserKeys.contains { request.integer(forKey: $0) == 1 }
        var attributes: String?
        do {
            attributes = isPlatformUser ? try PlatformAttributes.json(of: request) : nil
        } catch {
            throw MethodFailure(error, of: .createPerson)
        }
        return PersonDraft(key: key, texts: texts, isPlatformUser: isPlatformUser, platformAttributes: attributes)
    }

    /// The picture, or the ready-made template beside it; an empty template counts as absent.
    private func enrolmentFace(_ request: JSONObject) throws(MethodFailure) -> EnrolmentFace {
        guard let photo = request.bytesOfBase64(forKey: "image"), !photo.isEmpty else {
            throw MethodFailure(.failedToAddPerson)
        }
        guard let fir = request["fir"], fir.text != "" else { return .photo(photo) }
        guard let template = fir.bytesOfBase64 else { throw MethodFailure(.failedToAddPerson) }
        return .template(template, photo: photo)
    }

    /// The documented key, and the two spellings that a text replacement in the PSIM pages left behind.
    private static let platformUserKeys = [
        "createPersonInIntellect", "createPersonInAxxon PSIM", "createPersonInAxxonPSIM",
    ]
}
