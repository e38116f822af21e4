public import FaceModel
import FaceStore
public import Foundation
import Postgres

extension RecognitionService: CollectionService {
    /// See ``CollectionService/addCollection(name:description:)``.
    public func addCollection(
        name: String, description: String?
    ) async throws(CollectionError) -> PersonCollection {
        let collection = try await collecting { () async throws(RecognitionError) in
            _ = try requireReady()
            let id = configuration.ids.next()
            return try await storing { () throws(PostgresError) in
                try await store.collections.add(id, name: name, description: description, at: now())
            }
        }
        guard let collection else { throw .nameTaken }
        return collection
    }

    /// See ``CollectionService/changeCollection(_:name:description:)``.
    public func changeCollection(
        _ id: UUID, name: String?, description: String??
    ) async throws(CollectionError) -> PersonCollection {
        let outcome = try await collecting { () async throws(RecognitionError) -> Outcome<PersonCollection?> in
            _ = try requireReady()
            return try await storing { () throws(PostgresError) in
                do throws(PostgresError) {
                    return .done(
                        try await store.collections.change(id, name: name, description: description, at: now()))
                } catch .statementFailed(.uniqueViolation, _) {
                    return .nameTaken
                }
            }
        }
        guard case .done(let changed) = outcome else { throw .nameTaken }
        guard let changed else { throw .unknownCollection }
        return changed
    }

    /// A change that another name can stand against.
    private enum Outcome<Value: Sendable>: Sendable {
        case done(Value)
        case nameTaken
    }

    /// See ``CollectionService/removeCollection(_:)``.
    public func removeCollection(_ id: UUID) async throws(CollectionError) {
        let isKnown = try await collecting { () async throws(RecognitionError) in
            _ = try requireReady()
            return try await shielded { [self] () async throws(RecognitionError) in
                // Whoever lets persons in holds the collection's id at the gate.
                try await gate.withAccess(to: .some([.id(id)])) { () async throws(RecognitionError) in
                    let isKnown = try await changing { () throws(PostgresError) in
                        try await store.collections.remove(id)
                    }
                    galleries.remove(id)
                    return isKnown
                }
            }
        }
        guard isKnown else { throw .unknownCollection }
    }

    /// See ``CollectionService/collections(_:)``.
    public func collections(_ ids: [UUID]) async throws(CollectionError) -> [PersonCollection] {
        try await collecting { () async throws(RecognitionError) in
            _ = try requireReady()
            return try await storing { () throws(PostgresError) in try await store.collections.find(ids) }
        }
    }

    /// See ``CollectionService/collections(_:of:)``.
    public func collections(
        _ window: ListWindow, of person: String?
    ) async throws(CollectionError) -> ListPage<PersonCollection> {
        try await collecting { () async throws(RecognitionError) in
            _ = try requireReady()
            var id: UUID?
            if let person {
                guard let known = try await personIDs(of: [person])[person] else { throw .unknownPerson }
                id = known
            }
            return try await storing { () throws(PostgresError) in try await store.collections.page(window, of: id) }
        }
    }

    /// See ``CollectionService/changeMembers(of:adding:removing:)``.
    public func changeMembers(
        of collection: UUID, adding: [String], removing: [String]
    ) async throws(CollectionError) -> (added: [String], removed: [String]) {
        let ids = try await collecting { () async throws(RecognitionError) in
            try await personIDs(of: adding + removing)
        }
        let (coming, going) = (adding.compactMap { ids[$0] }, removing.compactMap { ids[$0] })
        let changed = try await collecting { () async throws(RecognitionError) in
            let model = try requireReady()
            return try await shielded { [self] () async throws(RecognitionError) in
                let touched = Set((coming + going + [collection]).map(PersonKey.id))
                return try await gate.withAccess(to: .some(touched)) { () async throws(RecognitionError) in
                    let changed = try await changing { () throws(PostgresError) in
                        try await store.collections.changeMembers(
                            of: collection, adding: coming, removing: going, model: model, at: now())
                    }
                    if let changed { await follow(changed, of: collection) }
                    return changed
                }
            }
        }
        guard let changed else { throw .unknownCollection }
        let (added, removed) = (Set(changed.added), Set(changed.removed))
        return (
            adding.filter { ids[$0].map(added.contains) ?? false },
            removing.filter { ids[$0].map(removed.contains) ?? false }
        )
    }

    /// The keys of the persons of the shared gallery whom some texts name.
    func personIDs(of texts: [String]) async throws(RecognitionError) -> [String: UUID] {
        try await storing { () throws(PostgresError) in try await store.profiles.ids(of: texts) }
    }

    /// Makes sure that there are such collections.
    func requireCollections(_ ids: [UUID]) async throws(CollectionError) {
        let known = try await collections(ids)
        guard known.count == ids.count else { throw .unknownCollection }
    }
}
