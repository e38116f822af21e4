import FaceModel
import HTTPSupport
import Recognition

extension FaceIntellectAPI {
    /// DeletePersons: deletes some persons, or everyone for `*all*`.
    ///
    /// Without ids nothing is deleted, for safety.
    func deletePersons(_ request: JSONObject) async throws(MethodFailure) -> JSONWriter {
        let ids = request.idValues.map { $0.text ?? $0.json }
        guard !ids.isEmpty else { throw MethodFailure(.failedToDeletePerson) }
        if ids.contains(Self.everyone) {
            try await calling(for: .deletePersons, failingIDs: Self.everyone) { () async throws(RecognitionError) in
                try await service.removeAll(from: configuration.gallery)
            }
            return success(Self.everyone)
        }
        let keys = ids.compactMap(PersonKey.init(text:))
        let unknown = try await calling(for: .deletePersons, failingIDs: ids.joined(separator: ",")) {
            () async throws(RecognitionError) in
            keys.isEmpty ? [] : Set(try await service.remove(keys, from: configuration.gallery))
        }
        // Results name ids as the request wrote them.
        let failing = ids.filter { id in PersonKey(text: id).map(unknown.contains) ?? true }
        guard failing.isEmpty else {
            throw MethodFailure(.failedToDeletePerson, result: failing.joined(separator: ","))
        }
        return success(ids.joined(separator: ","))
    }

    /// Whether a request means everyone.
    func namesEveryone(_ request: JSONObject) -> Bool {
        request.idValues.contains { ($0.text ?? $0.json) == Self.everyone }
    }

    private func success(_ result: String) -> JSONWriter {
        var writer = JSONWriter()
        writer.status("SUCCESS", result: result)
        return writer
    }

    private static let everyone = "*all*"
}
