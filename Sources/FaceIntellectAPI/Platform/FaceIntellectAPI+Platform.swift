import FaceModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Recognition

extension FaceIntellectAPI {
    /// How many objects an answer has unless the request says otherwise, and how many at most.
    private static let usualCount = 100
    private static let mostObjects = 10_000
    /// A person comes with the photo, so a page of persons is bounded more closely.
    private static let mostPersons = 1000

    func answer(
        _ request: Request, to path: PlatformPath, in context: ServerContext
    ) async throws -> Response {
        guard service.isReady, !context.pretendsNotReady else { throw RequestFailure.notReady }
        do throws(RecognitionError) {
            switch path {
            case .persons: return .json(try await platformPersons(request))
            case .configuration:
                let count = request.number("pageItems") ?? Self.mostObjects
                return .json(try await platformObjects().prefix(max(0, count)).map(\.self), as: .list)
            case .object(let id): return try await objectResponse(id, as: .object)
            case .state(let id): return try await objectResponse(id, as: .state)
            case .events: return .json(try await platformEvents(request))
            case .liveEvents: return Response(status: .upgradeRequired, headers: [.upgrade: "websocket"])
            }
        } catch {
            switch error {
            case .notReady, .overloaded, .storeUnavailable: throw RequestFailure.notReady
            case .invalidText: throw RequestFailure.malformed("A text holds the character NUL")
            case .invalidValue: throw RequestFailure.malformed("A value is too large")
            default: throw RequestFailure.unexpected
            }
        }
    }

    /// `secure/persons?page=&count=&search=`, or `<field>=` in place of `search`.
    ///
    /// Pages count from 1, and page 0 is the first, too: nothing tells how the product counts.
    private func platformPersons(_ request: Request) async throws(RecognitionError) -> JSONWriter {
        let count = min(Self.mostPersons, max(1, request.number("count") ?? Self.usualCount))
        let page = max(1, request.number("page") ?? 1)
        var filter = PersonFilter()
        if let text = request.text("search"), !text.isEmpty { filter.search = PersonSearch(text: text) }
        for field in PersonSearch.Field.allCases {
            guard let text = request.text(field.rawValue) else { continue }
            filter.search = PersonSearch(text: text, field: field)
        }
        let (offset, isTooFar) = (page - 1).multipliedReportingOverflow(by: count)
        let persons = try await service.persons(
            in: configuration.gallery, matching: filter, offset: isTooFar ? .max : offset, limit: count
        ).persons
        var writer = JSONWriter(capacity: 4096)
        var rows = JSONWriter(capacity: 64 << 10)
        for person in persons {
            let photo = try await service.image(person.imageID, in: configuration.gallery)
            rows.platformPerson(person, photo: photo?.bytes ?? [])
        }
        writer.array { $0.elements(of: rows) }
        return writer
    }

    /// The face server and its cameras.
    private func platformObjects() async throws(RecognitionError) -> [PlatformObject] {
        let cameras = try await service.cameras()
        let server = PlatformObject(
            type: "FIRSERVER", number: configuration.serverID, name: "Face recognition server",
            cameras: cameras.map(\.id))
        return [server] + cameras.map { PlatformObject(type: "CAM", number: $0.id, name: $0.name) }
    }

    private func objectResponse(
        _ id: String, as form: PlatformObject.Form
    ) async throws(RecognitionError) -> Response {
        let objects = try await platformObjects().filter { $0.id.isEqualIgnoringCase(id) }
        guard !objects.isEmpty else { return PlainFailureShape().notFound }
        return .json(objects, as: form)
    }

    /// `secure/events?count=&from=&to=&objectId=&action=`, newest first.
    private func platformEvents(_ request: Request) async throws(RecognitionError) -> JSONWriter {
        let count = min(Self.mostObjects, max(1, request.number("count") ?? Self.usualCount))
        var events: [PlatformEvent] = []
        let object = request.text("objectId").flatMap { $0.isEmpty ? nil : $0 }
        let camera = object.flatMap { $0.lowercased().hasPrefix("cam:") ? String($0.dropFirst(4)) : nil }
        let isServer = object.map { $0.isEqualIgnoringCase("FIRSERVER:\(configuration.serverID)") } ?? true
        let times = [request.time("from"), request.time("to")]
        if isServer || camera != nil, !times.contains(.unreadable) {
            events = try await service.events(
                count, from: times[0].date, to: times[1].date,
                name: request.text("action").flatMap { $0.isEmpty ? nil : $0.uppercased() }, camera: camera)
        }
        var writer = JSONWriter(capacity: 512 * (events.count + 1))
        writer.array { array in
            for event in events { array.platformEvent(event, serverID: configuration.serverID) }
        }
        return writer
    }
}

/// A time of a query.
private enum QueryTime: Equatable {
    case absent
    case at(Date)
    case unreadable

    var date: Date? {
        if case .at(let date) = self { date } else { nil }
    }
}

extension Request {
    fileprivate func text(_ key: String) -> String? {
        uri.queryParameters.get(key)
    }

    /// A whole number; one that is too long for this machine is the largest that it knows.
    fileprivate func number(_ key: String) -> Int? {
        text(key).flatMap { text in Int(text) ?? (text.isDigits ? .max : nil) }
    }

    fileprivate func time(_ key: String) -> QueryTime {
        guard let text = text(key), !text.isEmpty else { return .absent }
        // A plus sign of an offset is a blank in a query unless it was escaped.
        let date = Timestamp.parse(text) ?? Timestamp.parse(text.replacing(" ", with: "+"))
        return date.map(QueryTime.at) ?? .unreadable
    }
}

extension PlainFailureShape {
    fileprivate var notFound: Response {
        var writer = JSONWriter()
        writer.object { object in
            object.member("error", RequestFailure.notFound.text)
        }
        return .json(writer, status: .notFound)
    }
}
