import FaceModel
import Foundation
import HTTPSupport
import Hummingbird
import Recognition

extension OpenCVFaceAPI {
    private static let longestName = 64

    func addNamedCollection(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let name = fields.requiredText("name", 0...1000)
        try fields.finish()
        let isValid =
            1...Self.longestName ~= name.utf8.count
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
        guard isValid else { throw ServerCode.invalidCollectionName.refusal() }
        let collection = try await service.addNamedCollection(name)
        return .named(collection)
    }

    /// The name stands in the body or, since many programs cannot send one with this verb, in the query.
    func removeNamedCollection(_ call: Call) async throws -> Response {
        let name: String
        if let text = call.query.peek("name") {
            name = text
        } else {
            var fields = try await call.fields()
            name = fields.requiredText("name", 0...1000)
            try fields.finish()
        }
        return .named(try await service.removeNamedCollection(name))
    }

    func listNamedCollections(_ call: Call) async throws -> Response {
        let collections = try await service.namedCollections()
        return .array { array in
            for collection in collections { array.serverCollection(collection.name, count: collection.count) }
        }
    }

    func findMember(_ call: Call) async throws -> Response {
        var query = call.query
        let name = query.requiredText("collection_name")
        let id = query.requiredText("person_id")
        try query.finish()
        let member = try await service.member(id, of: service.namedCollection(name))
        return try await response(to: member)
    }

    func removeNamedMember(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let name = fields.collectionName()
        let id = fields.requiredText("person_id", 1...256)
        try fields.finish()
        let collection = try await service.namedCollection(name)
        let member = try await service.member(id, of: collection)
        let response = try await response(to: member)
        try await service.removeMember(id, of: collection)
        return response
    }

    func listMembers(_ call: Call) async throws -> Response {
        var query = call.query
        let name = query.requiredText("collection_name")
        let window = query.window()
        try query.finish()
        let collection = try await service.namedCollection(name)
        let page = try await service.members(of: collection, offset: window.offset, limit: window.limit)
        let pictures = try await service.keptPictures(of: page.elements.map(\.person.imageID))
        return .object { object in
            object.member("count", page.total)
            object.key("persons")
            object.array { array in
                for member in page.elements { array.serverPerson(member, picture: pictures[member.person.imageID]) }
            }
        }
    }

    /// One person with what is kept of the picture.
    func response(to member: NamedCollectionMember) async throws -> Response {
        let pictures = try await service.keptPictures(of: [member.person.imageID])
        var writer = JSONWriter()
        writer.serverPerson(member, picture: pictures[member.person.imageID])
        return .json(writer)
    }
}

extension Response {
    fileprivate static func named(_ collection: NamedCollection) -> Response {
        var writer = JSONWriter()
        writer.serverCollection(collection.name, count: collection.count)
        return .json(writer)
    }
}
