import FaceModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Recognition

extension FaceIntellectAPI {
    /// How many objects an answer has unless the request says otherwise.
    static let usualCount = 100
    /// How many objects an answer has at most.
    private static let mostObjects = 10_000

    func answer(
        _ request: Request, to path: PlatformPath, in context: ServerContext
    ) async throws -> Response {
        guard service.isReady, !context.pretendsNotReady else { throw RequestFailure.notReady }
        do throws(RecognitionError) {
            switch path {
            case .persons: return try await platformPersons(request, in: context)
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
            case .notReady, .storeUnavailable: throw RequestFailure.notReady
            case .overloaded, .late: throw RequestFailure.overloaded
            case .invalidText: throw RequestFailure.malformed("A text holds the character NUL")
            case .invalidValue: throw RequestFailure.malformed("A value is too large")
            default: throw RequestFailure.unexpected
            }
        }
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
    func text(_ key: String) -> String? {
        uri.queryParameters.get(key)
    }

    /// A whole number; one that is too long for this machine is the largest that it knows.
    func number(_ key: String) -> Int? {
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
