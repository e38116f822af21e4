import FaceModel
import HTTPSupport
import Hummingbird
import Recognition

extension FaceIntellectAPI {
    /// A person comes with the photo, so a page of persons is bounded more closely than others.
    private static let mostPersons = 1000
    /// Behind so many bytes a page ends, whoever was to follow: no client waits for more.
    private static let longestPage = 1 << 30

    /// `secure/persons?page=&count=&search=`, or `<field>=` in place of `search`.
    ///
    /// Pages count from 1, and page 0 is the first, too: nothing tells how the product counts. The photos are read one
    /// by one as the client takes them, so that one person is in memory and not a page of them.
    func platformPersons(_ request: Request, in context: ServerContext) async throws(RecognitionError) -> Response {
        let count = min(Self.mostPersons, max(1, request.number("count") ?? Self.usualCount))
        let page = max(1, request.number("page") ?? 1)
        let (offset, isTooFar) = (page - 1).multipliedReportingOverflow(by: count)
        let persons = try await service.persons(
            in: configuration.gallery, matching: Self.filter(request), offset: isTooFar ? .max : offset, limit: count
        ).persons
        return .streamedArray(of: persons, upTo: Self.longestPage, in: context) {
            [service, gallery = configuration.gallery] person in
            let photo = try await service.image(person.imageID, in: gallery)?.bytes ?? []
            var writer = JSONWriter()
            writer.platformPerson(person, photo: photo)
            return writer
        }
    }

    private static func filter(_ request: Request) -> PersonFilter {
        var filter = PersonFilter()
        if let text = request.text("search"), !text.isEmpty { filter.search = PersonSearch(text: text) }
        for field in PersonSearch.Field.allCases {
            guard let text = request.text(field.rawValue) else { continue }
            filter.search = PersonSearch(text: text, field: field)
        }
        return filter
    }
}
