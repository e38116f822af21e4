import FaceModel
import HTTPSupport
import Recognition

extension FaceIntellectAPI {
    /// ReadPersons: one page of persons, most recently added first.
    func readPersons(_ request: JSONObject) async throws(MethodFailure) -> JSONWriter {
        let page = request.page
        let filter = personFilter(request)
        let list = try await calling(for: .readPersons) { () async throws(RecognitionError) in
            try await service.persons(
                in: configuration.gallery, matching: filter, offset: page.offset, limit: page.limit)
        }
        var writer = JSONWriter(capacity: 512 * (list.persons.count + 1))
        writer.personList(list.persons, total: list.total, sourceID: configuration.sourceID)
        return writer
    }

    /// Which persons are asked for.
    ///
    /// An id can be a GUID, digits (an id of the client's own or the number of a platform
    /// user) or a JSON number (a platform user); what is none of these matches nobody.
    private func personFilter(_ request: JSONObject) -> PersonFilter {
        var filter = PersonFilter()
        if let department = request.text(forKey: "departmentFilter"), !department.isEmpty {
            filter.department = department
        }
        let ids = request.idValues
        guard !ids.isEmpty else { return filter }
        var keys: [PersonKey] = []
        for id in ids {
            if let number = id.text.flatMap({ Int($0) }), id.isNumber || id.text?.isDigits == true {
                filter.platformUserIDs.append(number)
            }
            if !id.isNumber, let key = id.text.flatMap(PersonKey.init(text:)) { keys.append(key) }
        }
        filter.keys = keys
        return filter
    }
}
