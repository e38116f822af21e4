import FaceModel
import Foundation
import HTTPSupport
import Hummingbird
import Recognition

extension Caller {
    /// `persons`: a page of a list in the order of addition. It stays where it is when others come and go.
    func persons() async throws -> Response {
        let limit = try call["limit"]?.integer() ?? 100
        guard 1...1000 ~= limit else { throw EnfaceFailure.invalidSchema }
        let place = try Cursor.place(call["cursor"])
        let wanted = try RecordExtras(call)
        let list = try await namedList()
        let (page, total) = try await calling { () throws(RecognitionError) in
            (
                // One more tells whether the page is the last.
                try await api.lists.listedPersons(of: list.gallery, after: place, limit: limit + 1),
                try await api.lists.personCount(in: list.gallery)
            )
        }
        let shown = page.prefix(limit)
        let cursor = page.count > limit ? shown.last.map { Cursor.text($0.place) } ?? "" : ""
        let records = try await records(shown.map(\.person), in: list, wanted)
        return .ok { object in
            object.member("total", total)
            object.member("cursor", cursor)
            object.key("persons")
            object.array { array in
                for record in records { array.object { $0.record(record, call.profile) } }
            }
        }
    }

    /// `person` without an id: the person behind the cursor.
    func nextPerson() async throws -> Response {
        guard call["list_id"] != nil else { throw EnfaceFailure.invalidSchema }
        let place = try Cursor.place(call["cursor"])
        let wanted = try RecordExtras(call)
        let list = try await namedList()
        let page = try await calling { () throws(RecognitionError) in
            try await api.lists.listedPersons(of: list.gallery, after: place, limit: 2)
        }
        guard let next = page.first else { throw EnfaceFailure.missing(.notFound, "item with this id not found") }
        let record = try await records([next.person], in: list, wanted)[0]
        return .object { object in
            object.record(record, call.profile)
            object.member("cursor", Cursor.text(next.place))
        }
    }
}

/// Places in lists as clients carry them about: base64 of microseconds and position.
private enum Cursor {
    /// The microseconds since 1970 of the years 1 to 9999.
    private static let times = -62_135_596_800_000_000..<253_402_300_800_000_000

    static func text(_ place: ListPlace) -> String {
        let microseconds = (place.createdAt.timeIntervalSince1970 * 1_000_000).nearestInteger
        return Data("\(microseconds)|\(place.position)".utf8).base64EncodedString()
    }

    /// - Returns: `nil` for the beginning.
    static func place(_ field: Field?) throws(EnfaceFailure) -> ListPlace? {
        guard let text = try field?.text(), !text.isEmpty else { return nil }
        guard text.utf8.count <= 100, let data = Data(base64Encoded: text) else { throw .invalidSchema }
        let numbers = String(decoding: data, as: UTF8.self).split(separator: "|", omittingEmptySubsequences: false)
            .map { Int($0) }
        guard numbers.count == 2, let microseconds = numbers[0], let position = numbers[1],
            times.contains(microseconds)
        else { throw .invalidSchema }
        return ListPlace(
            createdAt: Date(timeIntervalSince1970: Double(microseconds) / 1_000_000), position: position)
    }
}
