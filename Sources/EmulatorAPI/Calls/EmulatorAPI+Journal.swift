import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird

extension EmulatorAPI {
    private static let usualEntries = 100
    private static let mostEntries = 5000

    var journalEndpoints: [Endpoint] {
        [
            Endpoint(
                verb: .get, path: "journal",
                purpose: "what was asked and answered, with stages and near misses; oldest first",
                example: "?method=FindFaces&status=200&after=0&limit=100"
            ) { [self] call in
                let query = try query(call)
                let limit = try call.number("limit", in: 1...Self.mostEntries) ?? Self.usualEntries
                let entries = tools.journal.entries(query, limit: limit)
                return .list("entries", entries) { $0.entry($1) }
            },
            Endpoint(
                verb: .get, path: "journal/count", purpose: "how many requests of the journal match",
                example: "?method=CreatePerson"
            ) { [self] call in
                let count = tools.journal.count(try query(call))
                return .object { object in
                    object.member("count", count)
                }
            },
            Endpoint(verb: .delete, path: "journal", purpose: "forget what was asked") { [self] _ in
                tools.journal.removeAll()
                return Response(status: .noContent)
            },
        ]
    }

    private func query(_ call: EmulatorCall) throws -> Journal.Query {
        Journal.Query(
            method: call.query("method").map(LoggedAddress.path), status: try call.number("status", in: 100...599),
            after: try call.number("after", in: 0...Int.max) ?? 0)
    }
}
