import FaceModel
import Foundation
import HTTPSupport
import Hummingbird
import Recognition

extension OpenCVFaceAPI {
    /// How many pictures a request may bring.
    static var pictureCount: ClosedRange<Int> { 1...ProfileDraft.mostPictures }

    func addPerson(_ call: Call) async throws -> Response { try await addPerson(call, from: PortraitPicture.photo) }

    func addPersonOfCrops(_ call: Call) async throws -> Response {
        try await addPerson(call, from: PortraitPicture.crop)
    }

    private func addPerson(_ call: Call, from picture: ([UInt8]) -> PortraitPicture) async throws -> Response {
        var fields = try await call.fields()
        let images = fields.requiredPictures("images", Self.pictureCount)
        var (draft, collections) = fields.personDraft()
        try fields.finish()
        for id in collections { draft.collections.append(try Call.collectionID(id)) }
        let pictures = try images.decoded().map(picture)
        return try await response(to: service.enrol(draft, pictures: pictures), status: .created)
    }

    func changePerson(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let id = fields.requiredText("id", 1...100)
        var (changes, collections) = fields.personChanges()
        let images = fields.pictures("images", Self.pictureCount)
        try fields.finish()
        changes.collections = try collections?.map { try Call.collectionID($0) }
        if let images {
            changes.pictures = try images.decoded().map(PortraitPicture.photo)
            changes.removal = .all
        }
        return try await response(to: service.change(id, changes))
    }

    func findPerson(_ call: Call) async throws -> Response {
        try await response(to: service.profiledPerson(call.personID()))
    }

    func removePerson(_ call: Call) async throws -> Response {
        let id = try call.personID()
        guard try await !service.removePersons([id]).isEmpty else { throw RecognitionError.unknownPerson }
        return .object { $0.member("id", id) }
    }

    func addPictures(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let id = fields.requiredText("person_id", 1...100)
        let images = fields.requiredPictures("images", Self.pictureCount)
        try fields.finish()
        var changes = ProfileChanges()
        changes.pictures = try images.decoded().map(PortraitPicture.photo)
        let old = Set(try await service.profiledPerson(id).faces)
        let changed = try await service.change(id, changes)
        let portraits = try await service.portraits(of: [changed])[changed.id] ?? []
        return .array(.created) { array in
            for portrait in portraits where !old.contains(portrait.id) {
                array.object { object in
                    object.member(id: portrait.id)
                    object.member("person_id", id)
                    object.member(file: portrait.file, as: "thumbnail")
                }
            }
        }
    }

    func changePictures(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let id = fields.requiredText("id", 1...100)
        var (changes, collections) = fields.personChanges()
        let new = fields.pictures("new_images", Self.pictureCount)
        let removed = fields.texts("removed_thumbnail_ids", 1...1000, length: 1...100)
        try fields.finish()
        changes.collections = try collections?.map { try Call.collectionID($0) }
        changes.pictures = try (new ?? []).decoded().map(PortraitPicture.photo)
        if let removed { changes.removal = .faces(try removed.map { try Self.faceID($0) }) }
        return try await response(to: service.change(id, changes))
    }

    func removePicture(_ call: Call) async throws -> Response {
        let face = try Self.faceID(call.parameter("thumbnail_id"))
        let id = try call.personID()
        var changes = ProfileChanges()
        changes.removal = .faces([face])
        do throws(CollectionError) {
            _ = try await service.change(id, changes)
        } catch .noFaceLeft {
            throw CloudCode.noThumbnailsAfterDelete.refusal()
        }
        return .object { $0.member(id: face) }
    }

    func listPersons(_ call: Call) async throws -> Response { try await listPersons(call, in: nil) }

    func listPersonsOfCollection(_ call: Call) async throws -> Response {
        try await listPersons(call, in: call.collectionID())
    }

    private func listPersons(_ call: Call, in collection: UUID?) async throws -> Response {
        var query = call.query
        let window = query.window()
        let order = query.choice("order_by", of: PersonOrder.self) ?? .name
        try query.finish()
        let page = try await service.profiledPersons(in: collection, by: order, window)
        let portraits = try await service.portraits(of: page.elements)
        return .object { object in
            object.member("count", page.total)
            object.key("persons")
            object.array { array in
                for person in page.elements { array.cloudPerson(person, portraits: portraits[person.id] ?? []) }
            }
        }
    }

    func changePersons(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        fields.require("action")
        _ = fields.choice("action", of: BulkAction.self)
        fields.require("person_ids")
        let ids = fields.texts("person_ids", 1...10_000, length: 1...100) ?? []
        try fields.finish()
        let removed = try await service.removePersons(ids)
        return .array { array in
            for id in removed { array.object { $0.member("id", id) } }
        }
    }

    private enum BulkAction: String, CaseIterable {
        case delete = "DELETE"
    }

    private static func faceID(_ text: String) throws(CollectionError) -> UUID {
        guard let id = UUID(uuidString: text) else { throw .unknownFace }
        return id
    }

    private func response(to person: ProfiledPerson, status: HTTPResponse.Status = .ok) async throws -> Response {
        let portraits = try await service.portraits(of: [person])
        var writer = JSONWriter(capacity: 16 << 10)
        writer.cloudPerson(person, portraits: portraits[person.id] ?? [])
        return .json(writer, status: status)
    }
}
