import FaceModel
import Foundation
import HTTPSupport
import Hummingbird
import Recognition

extension Caller {
    /// The list that every account has, under the same id for all of them.
    var defaultList: PersonList {
        PersonList(
            id: .sharedGallery, gallery: account.gallery, name: "Default list", createdAt: Self.beginningOfTime)
    }

    /// When default objects were made: before everything else.
    static let beginningOfTime = Date(timeIntervalSince1970: 1_704_067_200)

    /// All lists, the default one first.
    func allLists() async throws(EnfaceFailure) -> [PersonList] {
        let own = try await calling { () throws(RecognitionError) in try await api.lists.lists(of: account.id) }
        return [defaultList] + own
    }

    /// The list with an id; the default list needs no look into the database.
    func list(_ id: UUID) async throws(EnfaceFailure) -> PersonList? {
        if id == .sharedGallery { return defaultList }
        return try await allLists().first { $0.id == id }
    }

    func lists() async throws -> Response {
        let lists = try await allLists()
        var rows: [(PersonList, Int)] = []
        for list in lists {
            rows.append(
                (
                    list,
                    try await calling { () throws(RecognitionError) in
                        try await api.lists.personCount(in: list.gallery)
                    }
                ))
        }
        var writer = JSONWriter()
        writer.array { array in
            for (list, count) in rows {
                array.object { row in
                    row.member("list_id", list.id.lowercasedText)
                    row.member("id", list.id.lowercasedText)
                    row.member("name", list.name)
                    row.time("created", list.createdAt)
                    row.member("persons_total", count)
                }
            }
        }
        return .json(writer)
    }

    func createList() async throws -> Response {
        guard let name = try? call["name"]?.text(), Self.isName(name) else {
            throw EnfaceFailure(.badRequest, "bad list name")
        }
        var id = try newID()
        if call.profile == .neurovision, let field = call["list_id"] { id = try field.id() }
        let isTaken = try await allLists().contains { $0.name == name || $0.id == id }
        do throws(RecognitionError) {
            guard !isTaken else { throw .alreadyExists }
            try await api.lists.addList(id, named: name, to: account.id)
        } catch {
            guard error == .alreadyExists else { throw EnfaceFailure(error) }
            throw EnfaceFailure(.badRequest, "list with this name is already exists")
        }
        return .ok(call.profile.created) { $0.member("list_id", id.lowercasedText) }
    }

    func updateList() async throws -> Response {
        guard let id = try? (call["list_id"] ?? call["id"])?.id() else {
            throw EnfaceFailure(.badRequest, "bad list id")
        }
        guard id != .sharedGallery else { throw EnfaceFailure(.ok, "can not rename default list") }
        guard let current = try await list(id) else {
            throw EnfaceFailure.missing(.ok, "list with this id does not found")
        }
        // The later platform lets the name be absent, and so the list stays as it is.
        guard let field = call["name"] else {
            guard call.profile == .neurovision else { throw EnfaceFailure(.badRequest, "bad list name") }
            return .ok()
        }
        guard let name = try? field.text(), Self.isName(name) else {
            throw EnfaceFailure(.badRequest, "bad list name")
        }
        let isTaken = try await allLists().contains { $0.name == name && $0.id != current.id }
        do throws(RecognitionError) {
            guard !isTaken else { throw .alreadyExists }
            guard try await api.lists.renameList(id, of: account.id, to: name) else {
                throw .unknownPerson
            }
        } catch {
            switch error {
            case .alreadyExists: throw EnfaceFailure(.ok, "list with this name is already exists")
            case .unknownPerson: throw EnfaceFailure.missing(.ok, "list with this id does not found")
            default: throw EnfaceFailure(error)
            }
        }
        return .ok()
    }

    func deleteList() async throws -> Response {
        let found: PersonList?
        let unknown: String
        if let field = call["list_id"] ?? call["id"] {
            guard let id = try? field.id() else { throw EnfaceFailure(.badRequest, "bad list id") }
            found = try await list(id)
            unknown = "list with this id does not found"
        } else if let field = call["name"] {
            guard let name = try? field.text(), Self.isName(name) else {
                throw EnfaceFailure(.badRequest, "bad list name")
            }
            found = try await allLists().first { $0.name == name }
            unknown = "list with this name does not found"
        } else {
            throw EnfaceFailure(.badRequest, "bad list id")
        }
        guard let found else { throw EnfaceFailure.missing(.badRequest, unknown) }
        guard found.id != .sharedGallery else { throw EnfaceFailure(.badRequest, "can not delete default list") }
        try await calling { () throws(RecognitionError) in try await api.lists.remove(found, of: account.id) }
        return .ok(message: "list \(found.id.lowercasedText) deleted")
    }

    /// 1…100 characters without NUL.
    ///
    /// A character can have any number of marks; the database keeps names in an index, whose entries are bounded.
    static func isName(_ text: String) -> Bool {
        1...100 ~= text.count && text.utf8.count <= 2000 && !text.utf8.contains(0)
    }
}

extension JSONWriter {
    /// Writes a key with a time in UTC.
    mutating func time(_ key: StaticString, _ date: Date) {
        member(key, Timestamp.text(date) + "Z")
    }

    /// Writes a key with an id as the platform writes ids.
    mutating func id(_ key: StaticString, _ id: UUID) { member(key, id.lowercasedText) }
}
