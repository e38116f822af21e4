public import FaceModel
import FaceStore
public import Foundation
import Gallery
import Postgres

extension RecognitionService: ListService {
    /// See ``ListService/newID()``.
    public func newID() -> UUID { configuration.ids.nextTimeBased(at: configuration.clock.now()) }

    /// See ``ListService/currentTime()``.
    public func currentTime() -> Date { now() }

    /// See ``ListService/lists(of:)``.
    public func lists(of account: UUID) async throws(RecognitionError) -> [PersonList] {
        _ = try requireReady()
        return try await storing { () throws(PostgresError) in try await store.lists.all(of: account) }
    }

    /// See ``ListService/addList(_:named:to:)``.
    public func addList(_ id: UUID, named name: String, to account: UUID) async throws(RecognitionError) {
        _ = try requireReady()
        let list = PersonList(id: id, gallery: configuration.ids.next(), name: name, createdAt: now())
        let isNew = try await storing { () throws(PostgresError) in try await store.lists.add(list, to: account) }
        guard isNew else { throw .alreadyExists }
    }

    /// See ``ListService/renameList(_:of:to:)``.
    public func renameList(_ id: UUID, of account: UUID, to name: String) async throws(RecognitionError) -> Bool {
        _ = try requireReady()
        return try await naming { () throws(PostgresError) in
            try await store.lists.rename(id, of: account, to: name)
        }
    }

    /// See ``ListService/remove(_:of:)``.
    public func remove(_ list: PersonList, of account: UUID) async throws(RecognitionError) {
        _ = try requireReady()
        try await shielded { [self] () async throws(RecognitionError) in
            try await listGate.withAccess(to: .some([list.gallery])) { () async throws(RecognitionError) in
                try await removeAll(from: list.gallery)
                try await storing { () throws(PostgresError) in try await store.lists.remove(list, of: account) }
                galleries.remove(list.gallery)
            }
        }
    }

    /// See ``ListService/groups(of:)``.
    public func groups(of account: UUID) async throws(RecognitionError) -> [SourceGroup] {
        _ = try requireReady()
        return try await storing { () throws(PostgresError) in try await store.sources.groups(of: account) }
    }

    /// See ``ListService/add(_:to:)-(SourceGroup,_)``.
    public func add(_ group: SourceGroup, to account: UUID) async throws(RecognitionError) {
        _ = try requireReady()
        let isNew = try await storing { () throws(PostgresError) in try await store.sources.add(group, to: account) }
        guard isNew else { throw .alreadyExists }
    }

    /// See ``ListService/update(_:of:)-(SourceGroup,_)``.
    public func update(_ group: SourceGroup, of account: UUID) async throws(RecognitionError) -> Bool {
        _ = try requireReady()
        return try await naming { () throws(PostgresError) in try await store.sources.update(group, of: account) }
    }

    /// See ``ListService/removeGroups(_:of:)``.
    public func removeGroups(_ ids: [UUID], of account: UUID) async throws(RecognitionError) -> Int {
        _ = try requireReady()
        return try await storing { () throws(PostgresError) in
            try await store.sources.removeGroups(ids, of: account)
        }
    }

    /// See ``ListService/sources(of:)``.
    public func sources(of account: UUID) async throws(RecognitionError) -> [Source] {
        _ = try requireReady()
        return try await storing { () throws(PostgresError) in try await store.sources.sources(of: account) }
    }

    /// See ``ListService/add(_:to:)-(Source,_)``.
    public func add(_ source: Source, to account: UUID) async throws(RecognitionError) -> Bool {
        _ = try requireReady()
        return try await storing { () throws(PostgresError) in try await store.sources.add(source, to: account) }
    }

    /// See ``ListService/update(_:of:)-(Source,_)``.
    public func update(_ source: Source, of account: UUID) async throws(RecognitionError) -> Bool {
        _ = try requireReady()
        return try await storing { () throws(PostgresError) in try await store.sources.update(source, of: account) }
    }

    /// See ``ListService/removeSources(_:of:)``.
    public func removeSources(_ ids: [UUID], of account: UUID) async throws(RecognitionError) -> Int {
        _ = try requireReady()
        return try await storing { () throws(PostgresError) in
            try await store.sources.removeSources(ids, of: account)
        }
    }

    /// Calls the database for a change of a name that may be taken.
    private func naming<R: Sendable>(
        _ body: () async throws(PostgresError) -> R
    ) async throws(RecognitionError) -> R {
        let result = try await storing { () throws(PostgresError) -> R? in
            do throws(PostgresError) {
                return try await body()
            } catch {
                guard case .statementFailed(.uniqueViolation, _) = error else { throw error }
                return nil
            }
        }
        guard let result else { throw .alreadyExists }
        return result
    }
}
