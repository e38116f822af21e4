import FaceModel
import Foundation
import HTTPSupport
import Hummingbird
import Recognition

extension Caller {
    func person() async throws -> Response {
        guard call["person_id"] != nil || call.profile != .neurovision else { return try await nextPerson() }
        let id = try call.required("person_id").id()
        let list = try await namedList()
        let person = try await person(id, in: list)
        let wanted = try RecordExtras(call)
        let record = try await records([person], in: list, wanted)[0]
        return .object { $0.record(record, call.profile) }
    }

    func updatePerson() async throws -> Response {
        let id = try call.required("person_id").id()
        let fields: [String]? = if let field = call["fields"] { try self.fields(field) } else { nil }
        let drops: Bool? = try call["drop_image"]?.bool()
        let newList: UUID? =
            if call.profile == .neurovision, let field = call["new_list_id"] { try field.id() } else { nil }
        if fields == nil, drops == nil, newList == nil {
            _ = try call["list_id"]?.id()
            throw EnfaceFailure(.badRequest, "nothing to change")
        }
        let list = try await namedList()
        let person = try await person(id, in: list)
        var target: PersonList?
        if let newList {
            target = try await self.list(newList)
            guard target != nil else {
                throw EnfaceFailure.missing(.notFound, "list id \(newList.lowercasedText) does not found")
            }
        }
        do throws(RecognitionError) {
            if let fields { try await api.lists.setFields(fields, of: id, in: list.gallery) }
            if drops ?? false { try await api.lists.dropPictures(of: id, in: list.gallery) }
            if let target, target.gallery != list.gallery {
                try await api.lists.move(person.person.id, from: list.gallery, to: target.gallery)
            }
        } catch {
            throw error == .unknownPerson ? EnfaceFailure.unknownPerson(id) : EnfaceFailure(error)
        }
        return .ok(message: "operation succeeded")
    }

    func deletePersons() async throws -> Response {
        let ids = try ids(call.required("person_id"))
        let listID = try call["list_id"]?.id() ?? .sharedGallery
        guard let list = try await list(listID) else {
            throw EnfaceFailure.missing(.ok, "list with this id does not found")
        }
        let removed = try await calling { () throws(RecognitionError) in
            try await api.lists.removePersons(ids, from: list.gallery)
        }
        guard !removed.isEmpty else { throw EnfaceFailure.unknownPerson(ids[0]) }
        return .ok(message: "\(removed.count) person(s) deleted")
    }

    /// The list that a JSON request names, or the default one.
    func namedList() async throws(EnfaceFailure) -> PersonList {
        let id = try call["list_id"]?.id() ?? .sharedGallery
        guard let list = try await list(id) else {
            throw .missing(.notFound, "list id \(id.lowercasedText) does not found")
        }
        return list
    }

    func person(_ id: UUID, in list: PersonList) async throws(EnfaceFailure) -> ListedPerson {
        let person = try await calling { () throws(RecognitionError) in try await api.lists.listedPersons([id])[id] }
        guard let person, person.person.galleryID == list.gallery else { throw .unknownPerson(id) }
        return person
    }

    /// Persons of a list, ready to be told, with what is wanted beyond them.
    func records(
        _ persons: [ListedPerson], in list: PersonList, _ wanted: RecordExtras
    ) async throws(EnfaceFailure) -> [PersonRecord] {
        let thumbnails =
            wanted.thumbnails
            ? try await calling { () throws(RecognitionError) in
                try await api.lists.thumbnails(of: persons.map(\.person.imageID))
            } : [:]
        let embeddings =
            wanted.embeddings
            ? try await calling { () throws(RecognitionError) in
                try await api.lists.embeddings(of: persons.map(\.person.id))
            } : [:]
        var records: [PersonRecord] = []
        for person in persons {
            records.append(
                try record(
                    person, in: list.id, thumbnail: thumbnails[person.person.imageID],
                    embedding: embeddings[person.person.id]))
        }
        return records
    }

    /// The text fields of a person: at most two million of at most 65,535 characters.
    func fields(_ field: Field) throws(EnfaceFailure) -> [String] {
        let fields = try field.texts()
        guard fields.count <= 2_000_000,
            fields.allSatisfy({ $0.utf16.count <= 65_535 && !$0.utf8.contains(0) })
        else { throw .invalidSchema }
        return fields
    }
}

/// What is wanted of records beyond their keys.
struct RecordExtras {
    var thumbnails = false
    var embeddings = false

    init(_ call: EnfaceCall) throws(EnfaceFailure) {
        guard call.profile == .neurovision else { return }
        let isSingular = try call.flag("thumb")
        thumbnails = try call.flag("thumbs") || isSingular
        let isOnly = try call.flag("embedding_only")
        embeddings = try call.flag("embeddings") || isOnly
    }
}
