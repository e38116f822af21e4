import FaceModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Recognition

extension Caller {
    /// The group that every account has; stored only once it is changed.
    private var defaultGroup: SourceGroup {
        SourceGroup(
            id: .sharedGallery, name: "Default group",
            searchedLists: [SearchedList(id: .sharedGallery, onFound: "", onFailed: "")],
            createdAt: Self.beginningOfTime)
    }

    /// All groups, the default one first.
    func allGroups() async throws(EnfaceFailure) -> [SourceGroup] {
        let stored = try await calling { () throws(RecognitionError) in try await api.lists.groups(of: account.id) }
        let first = stored.first { $0.id == .sharedGallery } ?? defaultGroup
        return [first] + stored.filter { $0.id != .sharedGallery }
    }

    func group(_ id: UUID) async throws(EnfaceFailure) -> SourceGroup? {
        try await allGroups().first { $0.id == id }
    }

    /// Stores the default group, so that sources can refer to it.
    func storeDefaultGroup() async throws(EnfaceFailure) {
        do throws(RecognitionError) {
            try await api.lists.add(defaultGroup, to: account.id)
        } catch {
            guard error == .alreadyExists else { throw EnfaceFailure(error) }
        }
    }

    func groups() async throws -> Response {
        let groups = try await allGroups()
        var writer = JSONWriter()
        writer.array { array in
            for group in groups {
                array.object { row in
                    row.id("group_id", group.id)
                    row.member("name", group.name)
                    row.time("created", group.createdAt)
                    row.key("person_list_search")
                    row.searchedLists(group.searchedLists)
                }
            }
        }
        return .json(writer)
    }

    func createGroup() async throws -> Response {
        let name = try name(call.required("name"))
        let lists = try searchedLists() ?? []
        try await check(lists)
        guard try await !allGroups().contains(where: { $0.name == name }) else {
            throw Self.groupNameIsTaken(.badRequest)
        }
        let group = SourceGroup(
            id: try newID(), name: name, searchedLists: lists, createdAt: try now())
        do throws(RecognitionError) {
            try await api.lists.add(group, to: account.id)
        } catch {
            throw error == .alreadyExists ? Self.groupNameIsTaken(.badRequest) : EnfaceFailure(error)
        }
        return .ok(.created, message: "source group created") { $0.id("group_id", group.id) }
    }

    func updateGroup() async throws -> Response {
        let id = try call.required("group_id").id()
        let name: String? = if let field = call["name"] { try self.name(field) } else { nil }
        let lists = try searchedLists()
        guard name != nil || lists != nil else { throw EnfaceFailure.invalidSchema }
        guard var group = try await group(id) else {
            throw EnfaceFailure.missing(.ok, "source group with this id does not found")
        }
        if let lists { try await check(lists) }
        group.name = name ?? group.name
        group.searchedLists = lists ?? group.searchedLists
        let wanted = group
        guard try await !allGroups().contains(where: { $0.name == wanted.name && $0.id != id }) else {
            throw Self.groupNameIsTaken(.ok)
        }
        if id == .sharedGallery { try await storeDefaultGroup() }
        do throws(RecognitionError) {
            guard try await api.lists.update(wanted, of: account.id) else { throw .unknownPerson }
        } catch {
            switch error {
            case .alreadyExists: throw Self.groupNameIsTaken(.ok)
            case .unknownPerson: throw EnfaceFailure.missing(.ok, "source group with this id does not found")
            default: throw EnfaceFailure(error)
            }
        }
        return .object { object in
            object.member("status", "ok")
            object.member("code", 0)
            object.member("message", "source group updated")
        }
    }

    func deleteGroups() async throws -> Response {
        let ids = try ids(call.required("group_id"))
        guard !ids.contains(.sharedGallery) else { throw EnfaceFailure(.ok, "can not delete default group") }
        let count = try await calling { () throws(RecognitionError) in
            try await api.lists.removeGroups(ids, of: account.id)
        }
        guard count > 0 else { throw EnfaceFailure.missing(.ok, "id or [ids] must exist") }
        return .ok(message: "\(count) group(s) deleted")
    }

    /// 1…100 characters.
    func name(_ field: Field) throws(EnfaceFailure) -> String {
        let name = try field.text()
        guard Self.isName(name) else { throw .invalidSchema }
        return name
    }

    /// One id or several, at least one; in JSON a text or an array.
    func ids(_ field: Field) throws(EnfaceFailure) -> [UUID] {
        let ids = try field.ids()
        guard !ids.isEmpty else { throw .invalidSchema }
        return ids
    }

    /// The objects of `person_list_search`; `nil` when the key is absent.
    func searchedLists() throws(EnfaceFailure) -> [SearchedList]? {
        guard let field = call["person_list_search"] else { return nil }
        guard let elements = field.elements else { throw .invalidSchema }
        var lists: [SearchedList] = []
        for element in elements {
            guard let object = element.object, let id = object["id"], let onFound = object["on_found"],
                let onFailed = object["on_failed"]
            else { throw .invalidSchema }
            let list = SearchedList(
                id: try Field.json(id).id(), onFound: try Self.alert(onFound), onFailed: try Self.alert(onFailed))
            guard !lists.contains(where: { $0.id == list.id }) else { throw .invalidSchema }
            lists.append(list)
        }
        return lists
    }

    private static func alert(_ value: JSONValue) throws(EnfaceFailure) -> String {
        let text = try Field.json(value).text()
        guard text.count <= 255, !text.utf8.contains(0) else { throw .invalidSchema }
        return text
    }

    func check(_ lists: [SearchedList]) async throws(EnfaceFailure) {
        let known = Set(try await allLists().map(\.id))
        for list in lists where !known.contains(list.id) {
            throw .missing(.badRequest, "list id '\(list.id.lowercasedText)' does not found")
        }
    }

    private static func groupNameIsTaken(_ status: HTTPResponse.Status) -> EnfaceFailure {
        EnfaceFailure(status, "group with this name is already exists")
    }
}

extension JSONWriter {
    mutating func searchedLists(_ lists: [SearchedList]) {
        array { array in
            for list in lists {
                array.object { row in
                    row.id("id", list.id)
                    row.member("on_found", list.onFound)
                    row.member("on_failed", list.onFailed)
                }
            }
        }
    }
}
