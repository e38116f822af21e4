import FaceModel
import Foundation
import HTTPSupport
import Hummingbird
import Recognition

extension OpenCVFaceAPI {
    func addCollection(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let name = fields.requiredText("name", 1...50)
        let description = fields.text("description", 0...100)
        try fields.finish()
        return .collection(
            try await service.addCollection(name: name, description: description), status: .created)
    }

    func changeCollection(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let id = fields.requiredText("id", 36...36)
        let name = fields.text("name", 1...50)
        let description = fields.clearableText("description", 0...100)
        try fields.finish()
        return .collection(
            try await service.changeCollection(Call.collectionID(id), name: name, description: description))
    }

    func findCollection(_ call: Call) async throws -> Response {
        .collection(try await collection(call.collectionID()))
    }

    func removeCollection(_ call: Call) async throws -> Response {
        let id = try call.collectionID()
        try await service.removeCollection(id)
        return .object { $0.member(id: id) }
    }

    func listCollections(_ call: Call) async throws -> Response { try await listCollections(call, of: nil) }

    func listCollectionsOfPerson(_ call: Call) async throws -> Response {
        try await listCollections(call, of: call.personID())
    }

    private func listCollections(_ call: Call, of person: String?) async throws -> Response {
        var query = call.query
        let window = query.window()
        try query.finish()
        let page = try await service.collections(window, of: person)
        return .object { object in
            object.member("count", page.total)
            object.key("collections")
            object.array { array in
                for collection in page.elements { array.cloudCollection(collection) }
            }
        }
    }

    func findCollections(_ call: Call) async throws -> Response {
        let ids = call.parameter("ids").split(separator: ",").compactMap { UUID(uuidString: String($0)) }
        let collections = try await service.collections(ids)
        return .array { array in
            for collection in collections { array.cloudCollection(collection) }
        }
    }

    func addMember(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let collection = fields.requiredText("collection_id", 36...36)
        let person = fields.requiredText("person_id", 1...100)
        try fields.finish()
        let id = try Call.collectionID(collection)
        _ = try await service.profiledPerson(person)
        _ = try await service.changeMembers(of: id, adding: [person], removing: [])
        return .membership(collection: id, person: person, status: .created)
    }

    func removeMember(_ call: Call) async throws -> Response {
        let id = try call.collectionID()
        let person = try call.personID()
        _ = try await service.profiledPerson(person)
        _ = try await service.changeMembers(of: id, adding: [], removing: [person])
        return .membership(collection: id, person: person)
    }

    func changeMembers(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let collection = fields.requiredText("collection_id", 36...36)
        let new = fields.texts("new_person_ids", 0...10_000, length: 1...100) ?? []
        let removed = fields.texts("removed_person_ids", 0...10_000, length: 1...100) ?? []
        try fields.finish()
        let id = try Call.collectionID(collection)
        let changed = try await service.changeMembers(of: id, adding: new, removing: removed)
        return .object { object in
            object.member(id: id, as: "collection_id")
            object.key("new_person_ids")
            object.array { array in
                for id in changed.added { array.value(id) }
            }
            object.key("removed_person_ids")
            object.array { array in
                for id in changed.removed { array.value(id) }
            }
        }
    }

    /// The collection with an id.
    func collection(_ id: UUID) async throws -> PersonCollection {
        guard let collection = try await service.collections([id]).first else {
            throw CollectionError.unknownCollection
        }
        return collection
    }
}

extension Response {
    fileprivate static func collection(
        _ collection: PersonCollection, status: HTTPResponse.Status = .ok
    ) -> Response {
        var writer = JSONWriter()
        writer.cloudCollection(collection)
        return .json(writer, status: status)
    }

    fileprivate static func membership(
        collection: UUID, person: String, status: HTTPResponse.Status = .ok
    ) -> Response {
        .object(status) { object in
            object.member(id: collection, as: "collection_id")
            object.member("person_id", person)
        }
    }
}
